"""What happened in one run of a course. It lives in memory as long as the run is looked at, and nowhere else."""

from dataclasses import dataclass, field

from workstation.domain.cases import Case, Entry, Holder, Outcome, Status
from workstation.domain.changes import ChangeSet
from workstation.domain.messages import OPENS_CASE, Message, Micros
from workstation.domain.outbox import Act, Outgoing, State

EARLY: Micros = 5_000_000
"""What was written up to this long before the start still belongs to it: clocks differ a little."""


@dataclass(slots=True)
class CaseRecord:
    """One case of the run; times in microseconds UTC, 0 for "not"."""

    id: int
    face: Message
    asked_at: Micros
    answered_at: Micros = 0
    """First answer."""
    answers: int = 0
    claimed: bool = False
    looked_at: bool = False
    tags: frozenset[str] = frozenset()
    notes: int = 0
    status: Status = Status.NEW
    outcome: Outcome | None = None
    promised: bool = False
    snoozed: bool = False
    waiting: bool = True
    remote_ids: set[str] = field(default_factory=set)


class Record:
    """Follows the change feed from `started` on."""

    def __init__(self, started: Micros) -> None:
        self.started = started
        self.cases: dict[int, CaseRecord] = {}
        self.sent = 0
        self.taken_back = 0
        self.held = False
        self.kinds: dict[str, str] = {}
        """What the course played, by remote id: the kind of text."""
        self._settled: set[str] = set()

    def on_change(self, changes: ChangeSet, now: Micros) -> None:
        """Take note of a commit."""
        for entry in changes.entries:
            if entry.message.id in changes.added:
                self._arrived(entry)
        for case in changes.cases:
            if case.id in self.cases:
                self._changed(self.cases[case.id], case)
        for row in changes.outbox:
            self._left(row, now)

    def opened(self, case: int) -> None:
        """The trainee looked at a case."""
        if case in self.cases:
            self.cases[case].looked_at = True

    def of_kind(self, *kinds: str) -> list[CaseRecord]:
        """The cases that a text of one of these kinds began."""
        return [case for case in self.cases.values() if {self.kinds.get(ident) for ident in case.remote_ids} & {*kinds}]

    def _arrived(self, entry: Entry) -> None:
        message, case = entry.message, entry.case
        if case is None or message.own or message.kind not in OPENS_CASE:
            return
        if message.created_at < self.started - EARLY:
            return
        known = self.cases.get(case.id)
        if known is None:
            known = self.cases[case.id] = CaseRecord(case.id, message, message.created_at)
        known.remote_ids.add(message.remote_id)
        self._changed(known, case)

    @staticmethod
    def _changed(known: CaseRecord, case: Case) -> None:
        known.status, known.outcome = case.status, case.outcome
        known.claimed |= case.holder is Holder.MINE
        known.tags |= set(case.tags)
        known.notes = max(known.notes, case.notes)
        known.promised |= bool(case.due_at)
        known.snoozed |= case.status is Status.SNOOZED
        known.waiting = bool(case.waiting_since) and case.status is not Status.SOLVED

    def _left(self, row: Outgoing, now: Micros) -> None:
        if row.operation.act is not Act.REPLY or row.operation.id in self._settled:
            return
        if row.state not in (State.SENT, State.CANCELLED):
            return
        self._settled.add(row.operation.id)
        if row.state is State.CANCELLED:
            self.taken_back += 1
            return
        self.sent += 1
        case = self.cases.get(row.case)
        if case is not None:
            case.answers += 1
            case.answered_at = case.answered_at or now
