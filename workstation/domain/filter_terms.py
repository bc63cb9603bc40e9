"""The parts of a filter, as data, and how they are written as text."""

import re
from enum import StrEnum

import msgspec

from workstation.domain.cases import Outcome, Status
from workstation.domain.messages import Kind, Micros, Visibility


class Flag(StrEnum):
    """What `is:` knows."""

    MINE = "mine"
    HELD = "held"
    FREE = "free"
    NEW = "new"
    OPEN = "open"
    PENDING = "pending"
    SNOOZED = "snoozed"
    SOLVED = "solved"
    UNANSWERED = "unanswered"
    LATE = "late"
    """Something promised was not kept in time."""
    PROMISED = "promised"
    DUE = "due"
    """Promised for the next 24 hours, or late."""
    ESCALATED = "escalated"
    """People inside were asked, and their answer is awaited."""
    EDITED = "edited"
    DELETED = "deleted"
    OWN = "own"
    MEDIA = "media"
    BOT = "bot"
    SPAM = "spam"
    FAVOURITED = "favourited"
    BOOSTED = "boosted"
    SENSITIVE = "sensitive"
    FOLDED = "folded"


class Part(StrEnum):
    """What `has:` knows."""

    MEDIA = "media"
    LINK = "link"
    CASE = "case"
    NOTE = "note"
    TAG = "tag"
    PROMISE = "promise"
    ISSUE = "issue"
    """A known issue that the case links to."""


class Name(StrEnum):
    """Fields whose value is compared with a name."""

    CHANNEL = "channel"
    IN = "in"
    """The same as `channel`, as people say it."""
    NETWORK = "network"
    SOURCE = "source"
    AUTHOR = "author"
    LANG = "lang"
    KIND = "kind"
    VISIBILITY = "visibility"
    TAG = "tag"
    STATUS = "status"
    OUTCOME = "outcome"
    ISSUE = "issue"
    """The number of a known issue."""


CHOICES: dict[str, tuple[str, ...]] = {
    Name.KIND: tuple(Kind),
    Name.VISIBILITY: tuple(Visibility),
    Name.STATUS: tuple(Status),
    Name.OUTCOME: tuple(Outcome),
    "is": tuple(Flag),
    "has": tuple(Part),
}
"""Fields with a closed list of values; a completer offers them."""

FIELDS: tuple[str, ...] = (*Name, "is", "has", "before", "after", "priority")
"""Every field, for completion and for telling a mistyped one from a word."""


class Word(msgspec.Struct, frozen=True, tag="word"):
    """Text that the message, its content warning, or its author's handle or name contains, cases folded."""

    text: str


class Is(msgspec.Struct, frozen=True, tag="is"):
    """A yes-or-no property."""

    flag: Flag


class Has(msgspec.Struct, frozen=True, tag="has"):
    """Something attached."""

    part: Part


class Named(msgspec.Struct, frozen=True, tag="named"):
    """A field that equals a name; `lang:pt` includes pt-BR, `source:hashtag` includes hashtag:acme."""

    field: Name
    value: str


class Published(msgspec.Struct, frozen=True, tag="published"):
    """Published before, or at or after, a moment: `at`, or if `ago` is set that long before now."""

    before: bool
    at: Micros = 0
    ago: Micros = 0


class Priority(msgspec.Struct, frozen=True, tag="priority"):
    """The case's priority compared: one of `=`, `<`, `<=`, `>`, `>=`."""

    comparison: str
    value: int


class Not(msgspec.Struct, frozen=True, tag="not"):
    """What does not match `term`."""

    term: "Term"


class All(msgspec.Struct, frozen=True, tag="all"):
    """What matches every one of at least two terms, none of them an All."""

    terms: tuple["Term", ...]


class AnyOf(msgspec.Struct, frozen=True, tag="any"):
    """What matches one of at least two terms, none of them an AnyOf."""

    terms: tuple["Term", ...]


Leaf = Word | Is | Has | Named | Published | Priority
Term = Word | Is | Has | Named | Published | Priority | Not | All | AnyOf

UNITS: dict[str, Micros] = {
    "w": 604_800_000_000,
    "d": 86_400_000_000,
    "h": 3_600_000_000,
    "m": 60_000_000,
    "s": 1_000_000,
}
_BARE = re.compile(r'[^\s"():\\-][^\s"():\\]*')
_KEYWORDS = frozenset({"OR", "AND"})


def quoted(value: str) -> str:
    """The value as a filter's text writes it: in quotation marks if it needs them."""
    if _BARE.fullmatch(value) and value not in _KEYWORDS:
        return value
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _moment(term: Published) -> str:
    if not term.ago:
        return iso(term.at)
    unit = next(unit for unit, size in UNITS.items() if term.ago % size == 0)
    return f"-{term.ago // UNITS[unit]}{unit}"


def iso(at: Micros) -> str:
    """A moment as `2025-03-01` or `2025-03-01T08:30:00[.000001]Z`, UTC; any value that parsing can yield."""
    from datetime import UTC, datetime, timedelta

    moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=at)
    if at % UNITS["d"] == 0:
        return moment.date().isoformat()
    return moment.replace(tzinfo=None).isoformat() + "Z"


def written(term: Term) -> str:
    """The text of a term; parsing it gives the term again."""
    match term:
        case Word(text=text):
            return quoted(text)
        case Is(flag=flag):
            return f"is:{flag}"
        case Has(part=part):
            return f"has:{part}"
        case Named(field=field, value=value):
            return f"{field}:{quoted(value)}"
        case Published(before=before):
            return f"{'before' if before else 'after'}:{_moment(term)}"
        case Priority(comparison=comparison, value=value):
            return f"priority:{'' if comparison == '=' else comparison}{value}"
        case Not(term=inner):
            return "-" + _grouped(inner, (All, AnyOf, Not))
        case All(terms=terms):
            return " ".join(_grouped(inner, (AnyOf,)) for inner in terms)
        case AnyOf(terms=terms):
            return " OR ".join(written(inner) for inner in terms)


def _grouped(term: Term, weaker: tuple[type, ...]) -> str:
    text = written(term)
    return f"({text})" if isinstance(term, weaker) else text


def all_of(terms: list[Term]) -> Term | None:
    """The terms joined by "and", flattened; None for none."""
    flat = [inner for term in terms for inner in (term.terms if isinstance(term, All) else (term,))]
    return All(tuple(flat)) if len(flat) > 1 else flat[0] if flat else None


def any_of(terms: list[Term]) -> Term | None:
    """The terms joined by "or", flattened; None for none."""
    flat = [inner for term in terms for inner in (term.terms if isinstance(term, AnyOf) else (term,))]
    return AnyOf(tuple(flat)) if len(flat) > 1 else flat[0] if flat else None


def negated(term: Term) -> Term:
    """What does not match; twice is the term itself."""
    return term.term if isinstance(term, Not) else Not(term)
