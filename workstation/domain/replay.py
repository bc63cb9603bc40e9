"""The dry run of rules: fed with what the desk saw, in the order it came, it tells what they would have done.

What was seen holds the case as it was then, without these rules. What they would have done meanwhile is carried along:
tags and priority go on from there, with the changes that others made in between put on top.
"""

import msgspec

from workstation.domain.cases import Case, Entry
from workstation.domain.filters import Context
from workstation.domain.messages import Mark, Micros
from workstation.domain.rules import Book, Fired, Judge, folded

EXAMPLES = 50
"""Messages kept for each rule to look at."""


class Tally(msgspec.Struct):
    """What one rule would have done."""

    rule: str
    name: str
    matched: int = 0
    """Messages."""
    cases: set[int] = msgspec.field(default_factory=set)
    without_case: int = 0
    """Matched messages that have no case: there is nothing to tag or to answer."""
    added: dict[str, int] = {}
    removed: dict[str, int] = {}
    priorities: int = 0
    folded: int = 0
    notified: int = 0
    held: int = 0
    examples: list[int] = []
    """Ids of the latest messages, oldest first."""

    def count(self, fired: Fired) -> None:
        """Add one message."""
        did = fired.did
        self.matched += 1
        if fired.case:
            self.cases.add(fired.case)
        else:
            self.without_case += 1
        for tag in did.add:
            self.added[tag] = self.added.get(tag, 0) + 1
        for tag in did.remove:
            self.removed[tag] = self.removed.get(tag, 0) + 1
        self.priorities += did.priority is not None
        self.folded += did.collapse
        self.notified += did.notify is not None
        self.held += bool(did.holding)
        self.examples.append(fired.message)
        del self.examples[:-EXAMPLES]


class Report(msgspec.Struct, frozen=True):
    """The dry run's result: `seen` arrivals and edits of `messages` messages since `since`."""

    since: Micros
    seen: int
    messages: int
    tallies: tuple[Tally, ...]


class Replay:
    """Carries the rules' effects through the past; `see` in the order of arrival."""

    def __init__(self, rules: Book, context: Context) -> None:
        self._book = rules
        self._context = context
        self._judge: tuple[Micros, Judge] | None = None
        self._before: dict[int, tuple[tuple[str, ...], int]] = {}
        """Tags and priority of each case as they were, when it was seen last."""
        self._after: dict[int, tuple[tuple[str, ...], int]] = {}
        """The same as the rules would have left them."""
        self._folded: set[int] = set()
        self._acted: dict[int, set[str]] = {}
        self._held: set[int] = set()
        self._messages: set[int] = set()
        self.seen = 0
        self.tallies = {rule.id: Tally(rule.id, rule.name) for rule in rules.rules}

    def see(self, entry: Entry, at: Micros) -> tuple[Fired, ...]:
        """What the rules would have done at that moment."""
        self.seen += 1
        number = entry.message.id
        self._messages.add(number)
        entry = self._as_left(entry)
        case = entry.case
        acted = self._acted.setdefault(number, set())
        verdict = self._at(at).ask(entry, acted, may_hold=case is not None and case.id not in self._held)
        for fired in verdict.fired:
            acted.add(fired.rule)
            self.tallies[fired.rule].count(fired)
            if fired.did.holding:
                self._held.add(fired.case)
            if fired.did.collapse:
                self._folded.add(number)
        if verdict.entry.case is not None:
            self._after[verdict.entry.case.id] = (verdict.entry.case.tags, verdict.entry.case.priority)
        return verdict.fired

    def report(self, since: Micros) -> Report:
        """Everything so far."""
        return Report(since, self.seen, len(self._messages), tuple(self.tallies.values()))

    def _at(self, at: Micros) -> Judge:
        # What came in one portion came at one moment: relative times are worked out once for all of it.
        if self._judge is None or self._judge[0] != at:
            self._judge = (at, self._book.judge(msgspec.structs.replace(self._context, now=at)))
        return self._judge[1]

    def _as_left(self, entry: Entry) -> Entry:
        message, case = entry.message, entry.case
        if message.id in self._folded and Mark.FOLDED not in message.marks:
            message = folded(message)
        return Entry(message, None if case is None else self._case_as_left(case))

    def _case_as_left(self, case: Case) -> Case:
        before, self._before[case.id] = self._before.get(case.id), (case.tags, case.priority)
        after = self._after.get(case.id)
        if before is None or after is None:
            return case
        then, now = set(before[0]), set(case.tags)
        tags = (set(after[0]) | (now - then)) - (then - now)
        priority = after[1] if case.priority == before[1] else case.priority
        return msgspec.structs.replace(case, tags=tuple(sorted(tags)), priority=priority)
