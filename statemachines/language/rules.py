"""Rules and the register that knows them: every declaration cites rules by id."""

from collections.abc import Iterable, Iterator, Mapping
from enum import Enum

import attrs

from statemachines.errors import DeclarationError, UnknownNameError


class Basis(Enum):
    """The basis of a rule, or of whatever cites rules. A member's value is its wording."""

    REGULATED = "regulated"
    BOTH = "regulated and assumed"
    ASSUMED = "assumed"


def split_ids(ids: str | Iterable[str]) -> tuple[str, ...]:
    """Rule ids from ``"KEY-5 KEY-6"`` or from a sequence of them, each once."""
    return tuple(dict.fromkeys(ids.split() if isinstance(ids, str) else ids))


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
    decides: of an assumption that says no more than some aspects of a verdict (``"at"``: which party decides): those.
        A check or an answer that cites it beside other rules rests on it in these aspects alone.
    """

    id: str
    statement: str
    source: str
    assumption: str = ""
    not_modelled: str = attrs.field(default="", kw_only=True)
    decides: tuple[str, ...] = attrs.field(default=(), converter=split_ids, kw_only=True)

    @property
    def assumed(self) -> bool:
        """Whether any part of the rule is an assumption."""
        return bool(self.assumption)

    @property
    def basis(self) -> Basis:
        """Its basis: a source says all of it, a source says part of it, or none says any."""
        if not self.assumed:
            return Basis.REGULATED
        return Basis.ASSUMED if self.assumption == "all" else Basis.BOTH


@attrs.frozen
class Passage:
    """What one passage of a source says, and what follows from it.

    Parameters
    ----------
    says: in a sentence, or a few words of the source in quotation marks.
    rules: the ids of the rules that come from it.
    not_modelled: why none does, or why not all of it is modelled.

    Raises
    ------
    DeclarationError: if neither is given.
    """

    says: str
    rules: tuple[str, ...] = attrs.field(default=(), converter=split_ids)
    not_modelled: str = attrs.field(default="", kw_only=True)

    def __attrs_post_init__(self) -> None:
        if not (self.rules or self.not_modelled):
            raise DeclarationError(
                f"the passage {self.says!r} leads to no rule; give the rules that come from it, or say in not_modelled "
                "why none does"
            )


def _passages(passages: Iterable[Passage]) -> tuple[Passage, ...]:
    return tuple(passages)


@attrs.frozen
class Section:
    """One section of a source.

    Parameters
    ----------
    source: the source's abbreviation, as in the register's `sources`.
    number, title: as the source has them.
    passages: all that it says.
    """

    source: str
    number: str
    title: str
    passages: tuple[Passage, ...] = attrs.field(converter=_passages)

    def __attrs_post_init__(self) -> None:
        if not self.passages:
            raise DeclarationError(
                f"section {self.number} of {self.source} has no passage; say what rules come from it, or why none does"
            )

    @property
    def rules(self) -> tuple[str, ...]:
        """The ids of the rules that come from it, each once."""
        return tuple(dict.fromkeys(rule_id for passage in self.passages for rule_id in passage.rules))


def _rules(rules: Iterable[Rule]) -> tuple[Rule, ...]:
    return tuple(rules)


def _sections(sections: Iterable[Section]) -> tuple[Section, ...]:
    return tuple(sections)


@attrs.frozen
class Register(Mapping[str, Rule]):
    """All rules of one rulebook, by id and in order.

    Parameters
    ----------
    rules: with ids that differ.
    families: what the rules are about whose ids begin alike, by that beginning: ``{"LAMP": "The lamp"}``.
    sources: what the abbreviations in the rules' sources stand for.
    words: what other short words mean, of rules, labels and values: ``{"LED": "light-emitting diode"}``.
    sections: of the sources, in order: the way from what a source says to the rules.

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
    words: Mapping[str, str] = attrs.field(factory=dict, kw_only=True, eq=False)
    sections: tuple[Section, ...] = attrs.field(default=(), converter=_sections, kw_only=True, eq=False)
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
        for section in self.sections:
            if section.rules:
                self.cite(section.rules, where=f"section {section.number} of {section.source}")

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

    def basis(self, ids: Iterable[str]) -> Basis:
        """The basis of these rules together: assumed only where each of them is an assumption altogether.

        >>> book = Register([Rule("LAMP-1", "It lights.", "the manual"), Rule("LAMP-2", "It hums.", "none", "all")])
        >>> book.basis(["LAMP-1", "LAMP-2"]).value, book.basis(["LAMP-2"]).value
        ('regulated and assumed', 'assumed')
        """
        bases = {self._by_id[rule_id].basis for rule_id in ids}
        return bases.pop() if len(bases) == 1 else Basis.BOTH if bases else Basis.REGULATED

    def assumed_aspects(self, ids: Iterable[str]) -> dict[str, tuple[str, ...]]:
        """The aspects of a verdict that assumptions among these rules decide, each with their ids.

        >>> book = Register([Rule("LAMP-2", "The switch refuses.", "none", "all", decides="at")])
        >>> book.assumed_aspects(["LAMP-2"])
        {'at': ('LAMP-2',)}
        """
        aspects: dict[str, tuple[str, ...]] = {}
        for rule_id in ids:
            for aspect in self._by_id[rule_id].decides:
                aspects[aspect] = (*aspects.get(aspect, ()), rule_id)
        return aspects

    def citation(self, ids: Iterable[str]) -> str:
        """The ids in a line; a star marks those whose rule is, in whole or in part, an assumption.

        >>> Register([Rule("LAMP-2", "It hums.", "none", "all")]).citation(["LAMP-2"])
        'LAMP-2*'
        """
        return " ".join(f"{rule_id}*" if self._by_id[rule_id].assumed else rule_id for rule_id in ids)
