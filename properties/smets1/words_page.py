"""The page of words of the SMETS1 installation.

``python -m properties.smets1.words_page > docs/conformance/words.md`` writes it.
"""

import sys

from properties.conformance.words_page import page
from properties.smets1.profile import PROFILE
from statemachines.drawing.page import markdown
from statemachines.smets1.installation import INSTALLATION

PAGE = page(INSTALLATION, PROFILE, "python -m properties.smets1.words_page")

if __name__ == "__main__":
    sys.stdout.write(markdown(PAGE))
