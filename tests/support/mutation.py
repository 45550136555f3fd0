"""What tests of mutants ask of a mutant."""

from properties.mutation.mutants import Mutant
from statemachines.checker.twin import grounded_key
from statemachines.language.requests import RequestType
from statemachines.language.system import System
from statemachines.semantics.grounding import ground


def requests_processed_otherwise(original: System, mutant: Mutant) -> set[RequestType]:
    """The types of request that come to other conditions or verdicts in the mutant."""
    return {
        request.type
        for request in original.all_requests()
        if grounded_key(ground(original, request)) != grounded_key(ground(mutant.system, request))
    }
