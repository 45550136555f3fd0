"""Rules and the register that knows them: every declaration cites rules by id."""

from collections.abc import Iterable, Iterator, Mapping

import attrs

from statemachines.errors import DeclarationError, UnknownNameError


@attrs.frozen
class Rule:
    """One rule of a rulebook.

    Parameters
    ----------
    id: the rule's name, as declarations cite it (``"KEY-5"``).
    statement: what the rule says, in a sentence or two.
    source: where it comes from, as an analyst would look it up.
    assumption: what of it no source says: ``""`` where a source says all of it, ``"all"`` where none says any,
        otherwise the part that is assumed, in words.
    not_modelled: why no declaration follows it; ``""`` of a rule that declarations follow.
    """

    id: str
    statement: str
    source: str
    assumption: str = ""
    not_modelled: str = attrs.field(default="", kw_only=True)

    @property
    def assumed(self) -> bool:
        """Whether any part of the rule is an assumption."""
        return bool(self.assumption)


def _rules(rules: Iterable[Rule]) -> tuple[Rule, ...]:
    return tuple(rules)


@attrs.frozen
class Register(Mapping[str, Rule]):
    """All rules of one rulebook, by id and in order.

    Parameters
    ----------
    rules: with ids that differ.
    families: what the rules are about whose ids begin alike, by that beginning: ``{"LAMP": "The lamp"}``.
    sources: what the abbreviations in the rules' sources stand for.

    >>> book = Register([Rule("LAMP-1", "A lamp that is off can be switched on.", "the manual")])
    >>> book.cite("LAMP-1", where="the switch")
    ('LAMP-1',)
    >>> book.cite("LAMP-2", where="the switch")
    Traceback (most recent call last):
        ...
    statemachines.errors.UnknownNameError: the switch cites rule 'LAMP-2', which the register does not have; \
it has LAMP-1
    """

    rules: tuple[Rule, ...] = attrs.field(converter=_rules)
    families: Mapping[str, str] = attrs.field(factory=dict, kw_only=True, eq=False)
    sources: Mapping[str, str] = attrs.field(factory=dict, kw_only=True, eq=False)
    _by_id: dict[str, Rule] = attrs.field(init=False, repr=False, eq=False)

    def __attrs_post_init__(self) -> None:
        by_id: dict[str, Rule] = {}
        for rule in self.rules:
            if rule.id in by_id:
                raise DeclarationError(f"the register has two rules with the id {rule.id!r}; an id names one rule")
            if not rule.id or " " in rule.id:
                raise DeclarationError(f"a rule's id is one word, not {rule.id!r}")
            by_id[rule.id] = rule
        object.__setattr__(self, "_by_id", by_id)

    def __getitem__(self, rule_id: str) -> Rule:
        return self._by_id[rule_id]

    def __iter__(self) -> Iterator[str]:
        return iter(self._by_id)

    def __len__(self) -> int:
        return len(self._by_id)

    def cite(self, ids: str | Iterable[str], *, where: str) -> tuple[str, ...]:
        """The ids, checked: at least one, each of them known.

        Raises `DeclarationError` naming ``where`` otherwise.
        """
        cited = split_ids(ids)
        if not cited:
            raise DeclarationError(f"{where} cites no rule; give at least one rule id")
        for rule_id in cited:
            if rule_id not in self._by_id:
                known = ", ".join(self._by_id)
                raise UnknownNameError(
                    f"{where} cites rule {rule_id!r}, which the register does not have; it has {known}"
                )
        return cited

    def assumed(self, ids: Iterable[str]) -> tuple[str, ...]:
        """Those of the ids whose rule is, in whole or in part, an assumption."""
        return tuple(rule_id for rule_id in ids if self._by_id[rule_id].assumed)


def split_ids(ids: str | Iterable[str]) -> tuple[str, ...]:
    """Rule ids from ``"KEY-5 KEY-6"`` or from a sequence of them, each once."""
    return tuple(dict.fromkeys(ids.split() if isinstance(ids, str) else ids))
