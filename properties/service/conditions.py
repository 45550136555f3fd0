"""The schema of conditions on states and steps of a declared system, as its machine file writes them."""

from litestar.openapi.spec import OpenAPIType, Reference, Schema

from properties.service.schemas import array, closed, enumeration, reference
from statemachines.exports.machine import RELATIONS
from statemachines.exports.machine_conditions import reader_of
from statemachines.language.system import System


def condition_schemas(system: System) -> dict[str, Schema]:
    """The schema ``Condition``, and those that it refers to: every name in it is one of the system's."""
    reader = reader_of(system)
    names = {value: name for name, value in reader.values.items()}
    terms = [
        closed(
            {
                "term": closed({read: Schema(const=name)}),
                "in": array(enumeration(names[value] for value in term.domain)),
            }
        )
        for read, known in reader.terms.items()
        for name, term in known.items()
    ]
    pair = Schema(type=OpenAPIType.ARRAY, min_items=2, max_items=2, items=reference("Term"))
    comparison = {
        "compare": pair,
        "relation": enumeration(RELATIONS.values()),
        "plus": Schema(type=OpenAPIType.INTEGER),
    }
    forms: list[Schema | Reference] = [
        Schema(type=OpenAPIType.BOOLEAN),
        reference("ConditionOnTerm"),
        reference("Comparison"),
        closed({"request": array(enumeration(reader.kinds))}),
        closed({"all": array(reference("Condition"))}),
        closed({"not": reference("Condition")}),
    ]
    if system.gates:
        forms.append(closed({"reached": enumeration(names[gate.party] for gate in system.gates)}))
    return {
        "Condition": Schema(one_of=forms, description="True or false of a state or a step, as in a machine file."),
        "ConditionOnTerm": Schema(one_of=terms, description="The term has one of the values."),
        "Comparison": closed(comparison, ("compare", "relation"), description="Of two terms' ranks."),
        "Term": Schema(
            one_of=[closed({read: enumeration(known)}) for read, known in reader.terms.items() if known],
            description="A variable before or after the step, a field of the request, or an aspect of the verdict.",
        ),
    }
