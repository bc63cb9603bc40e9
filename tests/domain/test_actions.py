"""Commands against a model: what they may do, and that undoing brings back what was there."""

import msgspec
import pytest
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, consumes, initialize, invariant, multiple, rule

from workstation.domain.actions import (
    RESTORABLE,
    AddNote,
    AnswerEscalation,
    AnyCommand,
    ChangeTags,
    Claim,
    Escalate,
    FileUnder,
    LinkCase,
    Promise,
    Release,
    RemoveNote,
    Reopen,
    Resolve,
    Restore,
    Snooze,
    UnlinkCase,
    Wake,
    apply,
)
from workstation.domain.cases import Case, Holder, Outcome, Status
from workstation.domain.errors import HeldError, NotAllowedError, StaleError
from workstation.domain.ties import NotEscalatedError, TieKind

NOW = 1_780_000_000_000_000
TOKEN = "ab" * 16

tags = st.lists(st.sampled_from(["refund", "Late", "vip", "ÄRGER"]), max_size=3).map(tuple)
commands = st.one_of(
    st.builds(Claim, operation=st.just("o"), case=st.just(1), token=st.just(TOKEN)),
    st.builds(Release, operation=st.just("o"), case=st.just(1)),
    st.builds(ChangeTags, operation=st.just("o"), case=st.just(1), add=tags, remove=tags),
    st.builds(Snooze, operation=st.just("o"), case=st.just(1), until=st.integers(NOW, NOW + 10**12)),
    st.builds(Wake, operation=st.just("o"), case=st.just(1)),
    st.builds(Resolve, operation=st.just("o"), case=st.just(1), outcome=st.sampled_from(Outcome)),
    st.builds(Reopen, operation=st.just("o"), case=st.just(1)),
    st.builds(Promise, operation=st.just("o"), case=st.just(1), due_at=st.integers(0, NOW)),
    st.builds(AddNote, operation=st.just("o"), case=st.just(1), text=st.text()),
    st.builds(LinkCase, operation=st.just("o"), case=st.just(1), other=st.just(2), kind=st.sampled_from(TieKind)),
    st.builds(UnlinkCase, operation=st.just("o"), case=st.just(1), other=st.just(2), kind=st.sampled_from(TieKind)),
    st.builds(FileUnder, operation=st.just("o"), case=st.just(1), issue=st.integers(0, 3)),
    st.builds(Escalate, operation=st.just("o"), case=st.just(1), to=st.just("billing")),
    st.builds(AnswerEscalation, operation=st.just("o"), case=st.just(1), text=st.text()),
)


def restorable(case: Case) -> tuple[object, ...]:
    """What undoing has to bring back."""
    return tuple(getattr(case, name) for name in (*RESTORABLE, "notes"))


class Desk(RuleBasedStateMachine):
    """One case, any commands, and a stack of inverses."""

    undoable = Bundle("undoable")

    @initialize(status=st.sampled_from(Status), holder=st.sampled_from(Holder))
    def begin(self, status: Status, holder: Holder) -> None:
        self.case = Case(
            1, 1, "b", 1, status=status, holder=holder, waiting_since=5, inbound_at=5,
            outcome=Outcome.ANSWERED if status is Status.SOLVED else None,
            solved_at=7 if status is Status.SOLVED else 0,
            snoozed_until=9 if status is Status.SNOOZED else 0,
        )  # fmt: skip

    @rule(target=undoable, command=commands)
    def do(self, command: AnyCommand) -> object:
        before = self.case
        try:
            step = apply(before, command, NOW)
        except (NotAllowedError, NotEscalatedError, HeldError):
            return multiple()
        self.case = step.case
        assert step.case.version == before.version + 1
        if step.inverse is None:
            return multiple()
        return (before, step.case, step.inverse)

    @rule(done=consumes(undoable))
    def undo(self, done: tuple[Case, Case, AnyCommand]) -> None:
        before, after, inverse = done
        if after.version != self.case.version:
            with pytest.raises(StaleError):
                apply(self.case, inverse, NOW)
            return
        undone = apply(self.case, inverse, NOW)
        assert restorable(undone.case) == restorable(before)
        self.case = undone.case
        if undone.inverse is not None:  # redo
            again = apply(undone.case, undone.inverse, NOW)
            assert restorable(again.case) == restorable(after)

    @invariant()
    def holds_together(self) -> None:
        if not hasattr(self, "case"):
            return
        case = self.case
        assert case.tags == tuple(sorted({tag.lower() for tag in case.tags}))
        assert (case.outcome is not None) == (case.status is Status.SOLVED)
        assert case.status is not Status.SOLVED or not case.snoozed_until
        assert msgspec.convert(msgspec.to_builtins(case), Case) == case


TestDesk = Desk.TestCase


def test_what_somebody_else_holds_is_theirs() -> None:
    case = Case(1, 1, "b", 1, holder=Holder.HELD)
    for command in (Claim(operation="o", case=1, token=TOKEN), Release(operation="o", case=1)):
        with pytest.raises(HeldError):
            apply(case, command, NOW)


def test_a_solved_case_is_reopened_before_it_is_claimed() -> None:
    case = Case(1, 1, "b", 1, status=Status.SOLVED)
    with pytest.raises(NotAllowedError):
        apply(case, Claim(operation="o", case=1, token=TOKEN), NOW)


def test_a_command_made_on_another_version_is_refused() -> None:
    case = Case(1, 1, "b", 1, version=3)
    with pytest.raises(StaleError):
        apply(case, Promise(operation="o", case=1, version=2, due_at=1), NOW)
    assert apply(case, Promise(operation="o", case=1, version=3, due_at=1), NOW).case.due_at == 1


def test_undoing_a_release_puts_the_token_back() -> None:
    case = Case(1, 1, "b", 1, holder=Holder.MINE)
    step = apply(case, Release(operation="o", case=1), NOW, TOKEN)
    assert isinstance(step.inverse, Restore)
    assert step.inverse.token == TOKEN


def test_undoing_a_note_names_the_note() -> None:
    step = apply(Case(1, 1, "b", 1), AddNote(operation="op-7", case=1, text="x"), NOW)
    assert step.inverse == RemoveNote(operation="op-7", case=1, version=2, noted="op-7")


def test_restoring_touches_nothing_but_what_may_be_restored() -> None:
    case = Case(1, 1, "b", 1)
    command = Restore(operation="o", case=1, fields={"customer": 9, "version": 99, "due_at": 4})
    after = apply(case, command, NOW).case
    assert (after.customer, after.version, after.due_at) == (1, 2, 4)
