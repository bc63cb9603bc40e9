"""Batches into rows: the ledger adds up, edits and deletions are kept, cases open where they should, echoes merge."""

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.store.conftest import Clock
from tests.store.factories import DAY, MINUTE, NOW, OWN, author, batch, batches, channel, mention, message
from workstation.domain.actions import Resolve
from workstation.domain.cases import REOPEN_WITHIN, Case, Entry, Outcome, Status
from workstation.domain.changes import ChangeSet
from workstation.domain.channels import ChannelConfig
from workstation.domain.filters import Filter, parse
from workstation.domain.messages import Batch, Cursor, Deletion, Kind, Mark, Media, MediaKind, Reject
from workstation.domain.templates import Family, Variant
from workstation.store.store import Store


async def entry(store: Store, acme: ChannelConfig, remote_id: str) -> Entry:
    found = await store.messages.by_remote(acme.id, remote_id)
    assert found is not None
    return found


async def case_of(store: Store, acme: ChannelConfig, remote_id: str) -> Case:
    found = (await entry(store, acme, remote_id)).case
    assert found is not None
    return found


async def test_the_ledger_adds_up_whatever_comes(store: Store, acme: ChannelConfig) -> None:
    await store.messages.accept(acme, batch(message("1"), message("2"), message("1"), source="home"))
    await store.messages.accept(
        acme,
        Batch(
            "home",
            (message("2"), message("3")),
            (Deletion("1"), Deletion("never seen")),
            (Reject("invalid", "statuses[3]", 900, "x"),),
            filtered=2,
            cursor=Cursor(1, '{"min_id": "3"}'),
        ),
    )
    (home,) = await store.messages.ledger(acme.id)
    assert (home.received, home.stored, home.merged, home.filtered, home.rejected) == (10, 3, 3, 3, 1)
    assert not home.missing
    assert await store.messages.cursors(acme.id) == {"home": Cursor(1, '{"min_id": "3"}')}
    assert await store.messages.rejects(acme.id) == (Reject("invalid", "statuses[3]", 900, "x"),)


async def test_a_batch_without_a_cursor_keeps_the_old_one(store: Store, acme: ChannelConfig) -> None:
    await store.messages.accept(acme, batch(source="home", cursor=Cursor(1, "a")))
    await store.messages.accept(acme, batch(source="home"))
    assert await store.messages.cursors(acme.id) == {"home": Cursor(1, "a")}


async def test_one_message_seen_in_two_sources(store: Store, acme: ChannelConfig) -> None:
    first = await store.messages.accept(acme, batch(message("1"), source="home"))
    again = await store.messages.accept(acme, batch(message("1"), source="hashtag:acme"))
    once_more = await store.messages.accept(acme, batch(message("1"), source="hashtag:acme"))
    assert len(first.added) == 1
    assert not again.added
    assert again.messages[0].sources == ("hashtag:acme", "home")
    assert not once_more.entries


async def test_edits_become_revisions_and_search_follows(store: Store, acme: ChannelConfig) -> None:
    await store.messages.accept(acme, batch(message("1", "first wording")))
    edited = await store.messages.accept(acme, batch(message("1", "second wording", edited_at=NOW + 5)))
    late = await store.messages.accept(acme, batch(message("1", "overtaken", edited_at=NOW + 1)))
    number = edited.messages[0].id
    assert edited.messages[0].revision == 1
    assert not edited.added
    assert not late.entries
    (before,) = await store.messages.revisions(number)
    assert (before.number, before.text, before.at) == (0, "first wording", NOW)
    assert not (await store.search.find("first ")).entries
    assert not (await store.search.find("overtaken ")).entries
    assert [e.message.id for e in (await store.search.find("second")).entries] == [number]


async def test_new_media_or_warning_is_an_edit_too(store: Store, acme: ChannelConfig) -> None:
    await store.messages.accept(acme, batch(message("1")))
    picture = Media(MediaKind.IMAGE, "https://media.example/1.png", alt="a dented kettle")
    changes = await store.messages.accept(acme, batch(message("1", media=(picture,), spoiler="angry")))
    assert changes.messages[0].media == (picture,)
    assert changes.messages[0].revision == 1
    assert (await store.search.find("angry ")).entries


async def test_deletions_mark_and_hide_from_search(store: Store, acme: ChannelConfig) -> None:
    await store.messages.accept(acme, batch(message("1", "gone soon")))
    changes = await store.messages.accept(acme, Batch("home", deletions=(Deletion("1", NOW + 1),)))
    assert changes.messages[0].deleted_at == NOW + 1
    assert changes.messages[0].text == "gone soon"
    assert not (await store.search.find("soon ")).entries
    again = await store.messages.accept(acme, Batch("home", deletions=(Deletion("1", NOW + 9),)))
    assert again.messages[0].deleted_at == NOW + 1


async def test_a_deletion_that_overtakes_its_message(store: Store, acme: ChannelConfig) -> None:
    await store.messages.accept(acme, Batch("home", deletions=(Deletion("1", NOW + 1),)))
    changes = await store.messages.accept(acme, batch(message("1", "too late")))
    assert changes.messages[0].deleted_at == NOW + 1
    assert not (await store.search.find("late ")).entries
    assert not [row for row in await store.messages.ledger() if row.missing]


async def test_marks_from_a_stream_only_add(store: Store, acme: ChannelConfig) -> None:
    """Streams do not know our own reactions; pages do."""
    await store.messages.accept(acme, batch(message("1", marks=(Mark.FAVOURITED,))))
    await store.messages.mark({1: ((Mark.SPAM,), ())})
    await store.messages.accept(acme, batch(message("1"), live=True))
    assert (await entry(store, acme, "1")).message.marks == (Mark.FAVOURITED, Mark.SPAM)
    await store.messages.accept(acme, batch(message("1")))
    assert (await entry(store, acme, "1")).message.marks == (Mark.SPAM,)


async def test_an_author_is_one_row_kept_up_to_date(store: Store, acme: ChannelConfig) -> None:
    await store.messages.accept(acme, batch(message("1"), message("2")))
    await store.messages.accept(acme, batch(message("3", author=author(1, name="Ada, renamed"))))
    names = {e.message.author.name for e in (await store.messages.page(Filter())).entries}
    assert names == {"Ada, renamed"}
    assert len(await store.messages.history((await entry(store, acme, "1")).message.author.id)) == 3


@pytest.mark.parametrize(
    ("kind", "own", "opens"),
    [(Kind.MENTION, False, True), (Kind.DIRECT, False, True), (Kind.REPORT, False, True), (Kind.POST, False, False),
     (Kind.BOOST, False, False), (Kind.MENTION, True, False)],
)  # fmt: skip
async def test_what_opens_a_case(store: Store, acme: ChannelConfig, kind: Kind, own: bool, opens: bool) -> None:
    changes = await store.messages.accept(acme, batch(message("1", kind=kind, own=own)))
    assert len(changes.cases) == int(opens)
    assert bool(changes.messages[0].case) == opens
    assert (await store.messages.count(Filter(), queue=True)) == int(opens)


async def test_a_post_that_turns_out_to_mention_us_opens_a_case(store: Store, acme: ChannelConfig) -> None:
    await store.messages.accept(acme, batch(message("1"), source="hashtag:acme"))
    changes = await store.messages.accept(acme, batch(mention("1", "Where is my parcel?")))
    assert changes.cases[0].status is Status.NEW
    assert (await entry(store, acme, "1")).message.kind is Kind.MENTION


async def test_a_conversation_is_one_case_and_two_customers_are_two(store: Store, acme: ChannelConfig) -> None:
    await store.messages.accept(
        acme,
        batch(
            mention("1", created_at=NOW),
            message("2", own=True, reply_to="1", created_at=NOW + MINUTE),
            mention("3", reply_to="2", created_at=NOW + 2 * MINUTE),
            mention("4", reply_to="1", author=author(2), created_at=NOW + 3 * MINUTE),
        ),
    )
    cases = {remote: (await case_of(store, acme, remote)).id for remote in "1234"}
    assert cases["1"] == cases["2"] == cases["3"] != cases["4"]
    first = await case_of(store, acme, "1")
    assert (first.status, first.waiting_since, first.replied_at) == (Status.OPEN, NOW + 2 * MINUTE, NOW + MINUTE)
    assert [e.message.remote_id for e in await store.messages.thread(case=first.id)] == ["1", "2", "3", "4"]


async def test_each_comment_under_our_own_post_is_a_branch(store: Store, acme: ChannelConfig) -> None:
    await store.messages.accept(acme, batch(message("post", own=True), source="home"))
    await store.messages.accept(acme, batch(mention("1", reply_to="post"), mention("2", reply_to="post")))
    await store.messages.accept(acme, batch(mention("3", reply_to="2")))
    assert (await case_of(store, acme, "1")).id != (await case_of(store, acme, "2")).id
    assert (await case_of(store, acme, "3")).id == (await case_of(store, acme, "2")).id
    thread = await store.messages.thread(case=(await case_of(store, acme, "1")).id)
    assert [e.message.remote_id for e in thread] == ["post", "1"]


async def test_the_beginning_of_a_thread_may_come_last(store: Store, acme: ChannelConfig) -> None:
    await store.messages.accept(acme, batch(mention("3", reply_to="2", created_at=NOW + 2)))
    await store.messages.accept(acme, batch(mention("2", reply_to="1", created_at=NOW + 1)))
    await store.messages.accept(acme, batch(mention("1", created_at=NOW)))
    assert {(await entry(store, acme, remote)).message.branch for remote in "123"} == {"1"}
    assert len({(await case_of(store, acme, remote)).id for remote in "123"}) == 1
    assert (await case_of(store, acme, "1")).waiting_since == NOW


async def test_an_answer_found_before_its_question(store: Store, acme: ChannelConfig) -> None:
    await store.messages.accept(acme, batch(message("2", own=True, reply_to="1", created_at=NOW + 9), source="home"))
    await store.messages.accept(acme, batch(mention("1")))
    answered = await case_of(store, acme, "1")
    assert (answered.status, answered.waiting_since, answered.answered_at) == (Status.PENDING, 0, NOW + 9)
    assert (await entry(store, acme, "2")).message.case == answered.id


async def test_who_still_waits_when_an_old_answer_comes_late(store: Store, acme: ChannelConfig) -> None:
    await store.messages.accept(
        acme, batch(mention("1", created_at=NOW), mention("3", reply_to="1", created_at=NOW + 5))
    )
    await store.messages.accept(acme, batch(message("2", own=True, reply_to="1", created_at=NOW + 3), source="home"))
    assert (await case_of(store, acme, "1")).waiting_since == NOW + 5


@pytest.mark.parametrize(("later", "episode"), [(REOPEN_WITHIN, 1), (REOPEN_WITHIN + 1, 2)])
async def test_reopened_within_a_week_then_a_new_episode(
    store: Store, acme: ChannelConfig, clock: Clock, later: int, episode: int
) -> None:
    await store.messages.accept(acme, batch(mention("1")))
    first = await case_of(store, acme, "1")
    clock.now += MINUTE
    await store.cases.execute(Resolve(operation="o", case=first.id, outcome=Outcome.ANSWERED))
    solved_at = clock.now
    await store.messages.accept(acme, batch(mention("2", reply_to="1", created_at=solved_at + later)))
    again = await case_of(store, acme, "2")
    assert again.episode == episode
    assert (again.id == first.id) == (episode == 1)
    assert again.status is (Status.OPEN if episode == 1 else Status.NEW)
    assert again.outcome is None


async def test_one_post_through_two_accounts_is_one_case(store: Store, acme: ChannelConfig) -> None:
    other = await store.channels.add(channel("Acme Support"))
    await store.messages.accept(acme, batch(mention("1", address="https://example.org/@ada/1")))
    await store.messages.accept(other, batch(mention("77", address="https://example.org/@ada/1")))
    assert (await case_of(store, other, "77")).id == (await case_of(store, acme, "1")).id
    assert await store.messages.count(Filter(), queue=True) == 1
    assert await store.messages.count(Filter()) == 2


async def test_a_changed_case_brings_all_its_messages_and_its_face(store: Store, acme: ChannelConfig) -> None:
    await store.messages.accept(acme, batch(mention("1"), mention("2", reply_to="1", created_at=NOW + 1)))
    number = (await case_of(store, acme, "1")).id
    changes, _ = await store.cases.execute(Resolve(operation="o9", case=number, outcome=Outcome.ANSWERED))
    assert {message.remote_id for message in changes.messages} == {"1", "2"}
    assert {e.case.status for e in changes.entries if e.case} == {Status.SOLVED}
    assert [face.message.remote_id for face in changes.faces] == ["2"]
    assert changes.origin == "o9"


async def test_more_than_can_be_listed_says_reload(store: Store, acme: ChannelConfig) -> None:
    changes = await store.messages.accept(acme, batch(*(message(f"m{n}") for n in range(5_001))))
    assert changes.reload
    assert not changes.entries
    assert len(changes.added) == 5_001


async def test_what_no_database_can_hold_harms_nobody(store: Store, acme: ChannelConfig) -> None:
    bad = mention("bad\ud800", "lone \udfff surrogate", created_at=2**80, author=author(9, name="\ud800"))
    changes = await store.messages.accept(acme, batch(message("1"), bad, message("2"), cursor=Cursor(1, "\ud800")))
    assert len(changes.added) == 3
    for _ in range(2):
        nul = mention("n\0l", author=author(8, remote_id="a\0"))
        changes = await store.messages.accept(acme, batch(nul, message("3")))
    assert not changes.added
    assert await store.messages.by_remote(acme.id, "n\ufffdl") is not None
    assert [e.message.text for e in (await store.search.find("surrogate")).entries] == ["lone ? surrogate"]


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(sent=st.lists(batches(), min_size=1, max_size=6))
async def test_invariants_hold_for_anything(store: Store, acme: ChannelConfig, sent: list[Batch]) -> None:
    for one in sent:
        changes = await store.messages.accept(acme, one)
        assert {e.message.id for e in changes.entries} >= changes.added
        assert all(e.message.case == (e.case.id if e.case else 0) for e in changes.entries)
    assert all(not row.missing for row in await store.messages.ledger())
    stored = (await store.messages.page(Filter(), limit=10_000)).entries
    assert sum(row.stored for row in await store.messages.ledger()) == len(stored)
    for queued in (await store.messages.page(Filter(), queue=True, limit=10_000)).entries:
        assert queued.case is not None
        assert queued.message.case == queued.case.id
        assert (queued.case.outcome is not None) == (queued.case.status is Status.SOLVED)
    assert await store.database.read(lambda c: c.execute("PRAGMA integrity_check").fetchall()) == [("ok",)]


async def test_the_index_stays_true_through_edits_and_deletions(store: Store, acme: ChannelConfig) -> None:
    for number in range(30):
        await store.messages.accept(acme, batch(message(str(number), f"parcel 東京都 {number}")))
    for number in range(0, 30, 2):
        await store.messages.accept(acme, batch(message(str(number), f"letter สวัสดี {number}", edited_at=NOW + 1)))
    await store.messages.accept(acme, Batch("home", deletions=tuple(Deletion(str(n), NOW) for n in range(0, 30, 3))))
    await store.messages.accept(acme, batch(message("3", "edited after its end", edited_at=NOW + 2)))

    def found(connection: object) -> list[int]:
        query = "SELECT rowid FROM search WHERE search MATCH 'parcel OR letter OR edited' ORDER BY rowid"
        return [row[0] for row in connection.execute(query)]  # type: ignore[attr-defined]

    alive = [e.message.id for e in (await store.messages.page(parse("-is:deleted"))).entries]
    assert await store.database.read(found) == sorted(alive)


async def test_publications_are_what_callers_get(store: Store, acme: ChannelConfig, published: list[ChangeSet]) -> None:
    changes = await store.messages.accept(acme, batch(mention("1")))
    assert published[-1] is changes
    sequences = [each.sequence for each in published]
    assert sequences == sorted(set(sequences))
    assert msgspec.json.decode(msgspec.json.encode(changes), type=ChangeSet) == changes


async def test_arrivals_count_messages_and_requests_by_hour(store: Store, acme: ChannelConfig) -> None:
    hour = 3_600_000_000
    start = NOW // hour * hour
    await store.messages.accept(
        acme,
        batch(
            mention("1", created_at=start),
            mention("2", reply_to="1", created_at=start + 1),
            message("3", created_at=start + hour, author=author(2)),
            message("4", own=True, created_at=start, author=OWN),
        ),
    )
    found = await store.kpi.arrivals(None, start, start + 2 * hour)
    assert [(row.hour, row.messages, row.requests) for row in found] == [(start, 2, 1), (start + hour, 1, 0)]
    assert not await store.kpi.arrivals([acme.id + 1], 0, start + DAY)


@pytest.mark.parametrize(("sent", "later", "count"), [(0, DAY, 1), (-REOPEN_WITHIN, DAY, 0), (0, REOPEN_WITHIN + 1, 0)])
async def test_a_reopened_case_counts_for_what_answered_it(
    store: Store, acme: ChannelConfig, clock: Clock, sent: int, later: int, count: int
) -> None:
    family = await store.templates.save(Family(0, "late", "Late", (Variant("en", "Soon."),)))
    other = await store.templates.save(Family(0, "other", "Other", (Variant("en", "Never."),)))
    await store.messages.accept(acme, batch(mention("1")))
    case = await case_of(store, acme, "1")
    now = clock.now
    clock.now = now + sent
    await store.templates.used(family.id, case.id)
    await store.templates.used(other.id)
    clock.now = now
    await store.cases.execute(Resolve(operation="o", case=case.id, outcome=Outcome.ANSWERED))
    await store.messages.accept(acme, batch(mention("2", reply_to="1", created_at=now + later)))
    await store.messages.accept(acme, batch(mention("3", reply_to="1", created_at=now + later + 1)))
    counts = {each.key: (each.used, each.reopened) for each in await store.templates.list()}
    assert counts == {"late": (1, count), "other": (1, 0)}
