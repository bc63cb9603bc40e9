"""Rules: what the desk does by itself with a message that has just come or was edited.

A rule is a filter and what follows from it. Rules are asked in order, once for each message: a rule sees what those
before it did, none is asked twice, so there are no loops. A rule acts on a message at most once, however often that
is edited: what an agent has undone stays undone. Everything here is pure; the store applies it in the transaction
that takes the message in, and the dry run (`replay`) applies the same functions to the past.
"""

from collections.abc import Collection, Sequence
from enum import StrEnum

import msgspec

from workstation.domain.cases import Case, Entry, Status
from workstation.domain.errors import FilterError
from workstation.domain.filters import Context, Filter, Predicate, parse
from workstation.domain.messages import Kind, Mark, Message, Micros

TEAM = "team:"
"""On a single desk a team is a tag with this beginning; a case has one team at most."""
HOLDING_WITHIN: Micros = 86_400_000_000
"""A holding reply goes to words of the last day only: a catch-up over weeks must not answer."""
HOLDS: frozenset[Kind] = frozenset({Kind.MENTION, Kind.DIRECT, Kind.COMMENT, Kind.MAIL})
MOST_RULES = 200
LONGEST_NAME = 120
MOST_TAGS = 20
LONGEST_TAG = 60
HIGHEST_PRIORITY = 1_000


class Severity(StrEnum):
    """How loud a rule's notice is."""

    QUIET = "quiet"
    """Listed among the notices."""
    NORMAL = "normal"
    URGENT = "urgent"
    """Stays until it is closed."""


class Rule(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """If `when` (a filter) then the rest; `id` is stable across desks, as a template's key is."""

    id: str
    name: str
    when: str = ""
    enabled: bool = True
    add: tuple[str, ...] = ()
    """Tags to put on the case."""
    remove: tuple[str, ...] = ()
    priority: int | None = None
    team: str = ""
    collapse: bool = False
    """Show the card folded; it stays where it is and opens as any other."""
    notify: Severity | None = None
    holding: str = ""
    """Key of the template that is drafted into the outbox as a holding reply, once for each case."""
    stop: bool = False
    """Ask no later rule about what this one fits."""

    @property
    def idle(self) -> bool:
        """Whether nothing would follow from it."""
        acts = (self.add, self.remove, self.team, self.collapse, self.notify, self.holding, self.stop)
        return self.priority is None and not any(acts)


class Did(msgspec.Struct, frozen=True, omit_defaults=True):
    """What a rule changed: only what was not so already."""

    add: tuple[str, ...] = ()
    remove: tuple[str, ...] = ()
    priority: tuple[int, int] | None = None
    """Before and after."""
    collapse: bool = False
    notify: Severity | None = None
    holding: str = ""

    @property
    def to_case(self) -> bool:
        """Whether the case is another than before."""
        return bool(self.add or self.remove or self.priority)

    @property
    def anything(self) -> bool:
        """Whether anything came of it."""
        return bool(self.to_case or self.collapse or self.notify or self.holding)


class Fired(msgspec.Struct, frozen=True):
    """A rule that fitted a message; `case` is 0 where the message has none, `id` where it is not stored."""

    rule: str
    name: str
    message: int
    case: int
    did: Did = Did()
    id: int = 0
    at: Micros = 0


class Verdict(msgspec.Struct, frozen=True):
    """The entry as the rules leave it, and which of them fitted, in order."""

    entry: Entry
    fired: tuple[Fired, ...] = ()


class Book(msgspec.Struct, frozen=True):
    """Rules in force with their filters read; disabled ones and those that cannot be read are left out."""

    rules: tuple[Rule, ...] = ()
    filters: tuple[Filter, ...] = ()

    def judge(self, context: Context) -> "Judge":
        """The rules as they stand at the moment of `context`."""
        return Judge(self, context)


def book(rules: Sequence[Rule]) -> Book:
    """The rules that can be in force."""
    ready = [(rule, filter_) for rule in rules if rule.enabled and (filter_ := readable(rule)) is not None]
    return Book(tuple(rule for rule, _ in ready), tuple(filter_ for _, filter_ in ready))


def readable(rule: Rule) -> Filter | None:
    """The rule's filter, or None if it cannot be read."""
    try:
        return parse(rule.when)
    except FilterError:
        return None


class Judge:
    """Asks the rules of a book about one entry after the other, all at one moment."""

    def __init__(self, rules: Book, context: Context) -> None:
        self._now = context.now
        self._tests: list[tuple[Rule, Predicate]] = [
            (rule, filter_.predicate(context)) for rule, filter_ in zip(rules.rules, rules.filters, strict=True)
        ]

    def ask(self, entry: Entry, acted: Collection[str] = (), *, may_hold: bool = True) -> Verdict:
        """What follows for an entry. `acted`: rules that have acted on this message; `may_hold`: no reply yet."""
        fired: list[Fired] = []
        for rule, test in self._tests:
            if not test(entry):
                continue
            if rule.id not in acted:
                entry, did = act(entry, rule, self._now, may_hold=may_hold)
                may_hold = may_hold and not did.holding
                case = entry.case.id if entry.case is not None else 0
                fired.append(Fired(rule.id, rule.name, entry.message.id, case, did, at=self._now))
            if rule.stop:
                break
        return Verdict(entry, tuple(fired))


def act(entry: Entry, rule: Rule, now: Micros, *, may_hold: bool = True) -> tuple[Entry, Did]:
    """The entry after one rule, and what that changed; tags, priority and replies need a case."""
    message, case = entry.message, entry.case
    add: tuple[str, ...] = ()
    remove: tuple[str, ...] = ()
    priority: tuple[int, int] | None = None
    holding = ""
    if case is not None:
        after = wanted_tags(case.tags, rule)
        add, remove = tuple(sorted(after - set(case.tags))), tuple(sorted(set(case.tags) - after))
        if rule.priority is not None and rule.priority != case.priority:
            priority = (case.priority, rule.priority)
        if rule.holding and may_hold and _may_be_held(message, case, now):
            holding = rule.holding
        case = changed_case(case, Did(add, remove, priority))
    collapse = rule.collapse and Mark.FOLDED not in message.marks
    if collapse:
        message = folded(message)
    return Entry(message, case), Did(add, remove, priority, collapse, rule.notify, holding)


def wanted_tags(tags: Collection[str], rule: Rule) -> set[str]:
    """The tags of a case after a rule."""
    after = (set(tags) | {tag.lower() for tag in rule.add}) - {tag.lower() for tag in rule.remove}
    if rule.team:
        after = {tag for tag in after if not tag.startswith(TEAM)} | {TEAM + rule.team.lower()}
    return after


def changed_case(case: Case, did: Did) -> Case:
    """The case with what a rule did to it."""
    if not did.to_case:
        return case
    tags = (set(case.tags) | set(did.add)) - set(did.remove)
    priority = did.priority[1] if did.priority else case.priority
    return msgspec.structs.replace(case, tags=tuple(sorted(tags)), priority=priority, version=case.version + 1)


def folded(message: Message) -> Message:
    """The message with its card folded."""
    marks = {*message.marks, Mark.FOLDED}
    return msgspec.structs.replace(message, marks=tuple(mark for mark in Mark if mark in marks))


def _may_be_held(message: Message, case: Case, now: Micros) -> bool:
    waits = case.waiting_since > 0 and case.status is not Status.SOLVED and not message.deleted_at
    if Mark.AUTOMATIC in message.marks:
        return False  # two machines would write to each other without end
    return waits and message.kind in HOLDS and now - message.created_at <= HOLDING_WITHIN
