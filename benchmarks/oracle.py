"""The oracle against its peers: the same lifecycle and the same requests, and then more and more of both."""

from random import Random

from benchmarks import ppmid, rings
from benchmarks.race import LIVE, ORACLE, Race, missing
from benchmarks.table import Cell, Section
from benchmarks.timing import side_by_side
from statemachines.core.trace import replay
from statemachines.installation import INSTALLATION
