"""Links between cases, questions to people inside, known issues: written, undone, read, erased."""

import pytest

from tests.store.factories import NOW, author, batch, mention
from workstation.domain.actions import (
    AnswerEscalation,
    AnyCommand,
    Escalate,
    FileUnder,
    LinkCase,
    Promise,
    Resolve,
    UnlinkCase,
)
from workstation.domain.cases import Case, Outcome
from workstation.domain.channels import ChannelConfig
from workstation.domain.errors import NotFoundError, StaleError
from workstation.domain.filters import parse
from workstation.domain.messages import Kind, Visibility
from workstation.domain.ties import Issue, IssueState, LinkedAlreadyError, NotLinkedError, TieKind
from workstation.store.store import Store


async def case_of(store: Store, acme: ChannelConfig, number: int, **changed: object) -> Case:
    said = mention(f"m{number}", f"words {number}", author=author(number), created_at=NOW + number, **changed)
    return (await store.messages.accept(acme, batch(said))).cases[0]


async def undo(store: Store, inverse: AnyCommand | None) -> AnyCommand | None:
    assert inverse is not None
    _changes, again = await store.cases.execute(inverse)
    return again


async def test_a_link_is_seen_from_both_sides_and_undone(store: Store, acme: ChannelConfig) -> None:
    one, two = await case_of(store, acme, 1), await case_of(store, acme, 2)
    link = LinkCase(operation="l", case=one.id, other=two.id, kind=TieKind.DUPLICATE)
    changes, inverse = await store.cases.execute(link)
    assert {case.id for case in changes.cases} == {one.id, two.id}
    for case in (one, two):
        (tie,) = await store.cases.ties(case.id)
        assert tie.beyond(case.id) == (two.id if case is one else one.id)
    with pytest.raises(LinkedAlreadyError):
        await store.cases.execute(LinkCase(operation="m", case=two.id, other=one.id, kind=TieKind.DUPLICATE))
    await undo(store, inverse)
    assert await store.cases.ties(two.id) == ()
    with pytest.raises(NotLinkedError):
        await store.cases.execute(UnlinkCase(operation="n", case=one.id, other=two.id, kind=TieKind.DUPLICATE))
    for other in (one.id, 999):
        with pytest.raises(NotFoundError):
            await store.cases.execute(LinkCase(operation="o", case=one.id, other=other, kind=TieKind.RELATED))
    assert [row.what for row in await store.cases.timeline(two.id)] == ["opened", "linked", "unlinked"]


async def test_cases_that_go_on_in_private_are_one_thread(store: Store, acme: ChannelConfig) -> None:
    public, other = await case_of(store, acme, 1), await case_of(store, acme, 3)
    private = await case_of(store, acme, 2, kind=Kind.DIRECT, visibility=Visibility.DIRECT)
    link = LinkCase(operation="l", case=private.id, other=public.id, kind=TieKind.CONTINUES)
    _changes, inverse = await store.cases.execute(link)
    await store.cases.execute(LinkCase(operation="k", case=public.id, other=other.id, kind=TieKind.RELATED))
    for case in (public, private):
        thread = await store.messages.thread(case=case.id)
        assert [entry.message.remote_id for entry in thread] == ["m1", "m2"]
    await undo(store, inverse)
    assert len(await store.messages.thread(case=public.id)) == 1


async def test_a_question_inside_and_its_answer(store: Store, acme: ChannelConfig) -> None:
    case = await case_of(store, acme, 1)
    _changes, withdraw = await store.cases.execute(Escalate(operation="q", case=case.id, to="billing"))
    asked = await store.cases.get(case.id)
    assert asked is not None
    assert asked.escalated_at
    question = await store.cases.escalation(case.id)
    assert question is not None
    assert question.to == "billing"
    page = await store.messages.page(parse("is:escalated"), queue=True)
    assert [entry.case and entry.case.id for entry in page.entries] == [case.id]
    _changes, inverse = await store.cases.execute(AnswerEscalation(operation="a", case=case.id, text="refund it"))
    assert [note.text for note in await store.cases.notes(case.id)] == ["refund it"]
    await undo(store, inverse)
    assert await store.cases.notes(case.id) == ()
    again = await store.cases.get(case.id)
    assert again is not None
    assert again.escalated_at == asked.escalated_at
    assert withdraw is not None
    assert isinstance(withdraw.version, int)
    told = "".join(f"{row.what}{row.detail}" for row in await store.cases.timeline(case.id))
    assert "billing" not in told
    assert "refund" not in told
    assert await store.cases.asked_before() == ("billing",)


async def test_a_withdrawn_question_leaves_nothing(store: Store, acme: ChannelConfig) -> None:
    case = await case_of(store, acme, 1)
    _changes, inverse = await store.cases.execute(Escalate(operation="q", case=case.id, to="billing"))
    await undo(store, inverse)
    after = await store.cases.get(case.id)
    assert after is not None
    assert after.escalated_at == 0
    assert await store.cases.escalation(case.id) is None


async def test_known_issues(store: Store, acme: ChannelConfig) -> None:
    one, two = await case_of(store, acme, 1), await case_of(store, acme, 2)
    _changes, issue = await store.issues.save(Issue(0, "Cards are refused", "Since ten."))
    for case in (one, two):
        await store.cases.execute(FileUnder(operation=f"f{case.id}", case=case.id, issue=issue.id))
    await store.cases.execute(Resolve(operation="r", case=two.id, outcome=Outcome.KNOWN_ISSUE))
    (listed,) = await store.issues.list()
    assert (listed.cases, listed.active) == (2, 1)
    assert [entry.case and entry.case.id for entry in await store.issues.cases(issue.id)] == [one.id, two.id]
    for text in (f"issue:{issue.id}", "has:issue"):
        page = await store.messages.page(parse(text), queue=True)
        assert {entry.case and entry.case.id for entry in page.entries} == {one.id, two.id}
    changes, closed = await store.issues.save(Issue(issue.id, "Cards", state=IssueState.CLOSED, version=issue.version))
    assert closed.closed_at
    assert {case.id for case in changes.cases} == {one.id, two.id}
    with pytest.raises(StaleError):
        await store.issues.save(issue)
    with pytest.raises(StaleError):
        await store.issues.remove(issue.id, closed.version)


async def test_promises_fall_due_once(store: Store, acme: ChannelConfig) -> None:
    one, two = await case_of(store, acme, 1), await case_of(store, acme, 2)
    for case, due in ((one, NOW + 100), (two, NOW + 200)):
        await store.cases.execute(Promise(operation=f"p{due}", case=case.id, due_at=due))
    assert await store.cases.next_promise(NOW) == NOW + 100
    assert await store.cases.next_promise(NOW + 100) == NOW + 200
    fallen = await store.cases.fallen_due(NOW, NOW + 150)
    assert [entry.case and entry.case.id for entry in fallen] == [one.id]
    await store.cases.execute(Resolve(operation="r", case=one.id, outcome=Outcome.ANSWERED))
    assert await store.cases.fallen_due(NOW, NOW + 150) == ()
    assert (await store.cases.timeline(one.id))[-1].detail == {"outcome": "answered", "promised": str(NOW + 100)}


async def test_erasing_a_case_takes_its_links_along(store: Store, acme: ChannelConfig) -> None:
    one, two = await case_of(store, acme, 1), await case_of(store, acme, 2)
    await store.cases.execute(LinkCase(operation="l", case=one.id, other=two.id, kind=TieKind.RELATED))
    await store.cases.execute(Escalate(operation="q", case=one.id, to="billing"))
    ids = [entry.message.id for entry in await store.messages.thread(case=one.id)]
    await store.messages.erase(ids)
    assert await store.cases.ties(two.id) == ()
    assert await store.cases.escalation(one.id) is None
