"""Everything arrives, once or more, never less: streams that break at any moment, swallow, double and disorder."""

import pytest

from tests.connectors.conftest import QUICK, Opening, Watch
from tests.practice_network import PracticeNetwork
from workstation.connectors.mastodon.events import TOGETHER, joined
from workstation.connectors.mastodon.reading import Pace
from workstation.domain.channels import Condition
from workstation.domain.errors import AuthExpiredError, ProtocolChangedError
from workstation.domain.messages import Batch, Cursor, Deletion, Kind

SWEEPING = Pace(sweep=0.2, poll=0.05, reports=0.2, stream_again=3_600, health=0.0, reconnect=0.01)


async def test_a_new_channel_starts_with_the_latest_page(practices: object, opened: Opening) -> None:
    network = practices(backlog=150)  # type: ignore[operator]
    channel = await opened(network.base_url, network.tokens["agent"])
    async with Watch(channel) as watch:
        await watch.live()
        assert {"home", "mentions", "direct"} >= {batch.source for batch in watch.batches}
        assert 0 < len(watch.ids("mentions")) <= 40
        assert set(watch.cursors) == {"home", "mentions", "direct"}
        assert not any(batch.live for batch in watch.batches)


@pytest.mark.parametrize(
    ("options", "transport"),
    [({}, "websocket"), ({"websocket": False}, "sse"), ({"websocket": False, "sse": False}, "poll")],
)
async def test_messages_arrive_by_every_transport(
    practices: object, opened: Opening, options: dict[str, bool], transport: str
) -> None:
    network = practices(**options)  # type: ignore[operator]
    channel = await opened(network.base_url, network.tokens["agent"], sources="home,mentions,direct")
    async with Watch(channel) as watch:
        await watch.live(Condition.POLLING if transport == "poll" else Condition.LIVE)
        assert watch.health[-1].transport == transport
        public = network.post("where is it?")["id"]
        private = network.post("my number is 7", visibility="direct")["id"]
        await watch.until(lambda: public in watch.ids("mentions") and private in watch.ids("direct"))
    kinds = {message.remote_id: message.kind for message in watch.messages()}
    assert kinds[public] is Kind.MENTION
    assert kinds[private] is Kind.DIRECT
    assert private not in watch.ids("mentions")


async def test_what_came_while_we_were_away_is_caught_up_page_by_page(
    practice: PracticeNetwork, opened: Opening
) -> None:
    channel = await opened(practice.base_url, practice.tokens["agent"])
    async with Watch(channel) as watch:
        await watch.live()
    missed = [practice.post(f"number {index}")["id"] for index in range(130)]
    async with Watch(channel, watch.cursors) as again:
        await again.live()
    assert again.ids("mentions") == missed
    async with Watch(channel, again.cursors) as third:
        await third.live()
    assert third.ids("mentions") == []


async def test_a_source_that_was_empty_at_first_loses_nothing(practice: PracticeNetwork, opened: Opening) -> None:
    channel = await opened(practice.base_url, practice.tokens["agent"], sources="mentions", transport="poll")
    async with Watch(channel) as watch:
        await watch.live(Condition.POLLING)
    assert watch.ids() == []
    missed = {practice.post(f"number {index}")["id"] for index in range(90)}
    async with Watch(channel, watch.cursors) as again:
        await again.live(Condition.POLLING)
    assert set(again.ids()) == missed


async def test_any_cut_of_the_catch_up_goes_on_where_it_was(practice: PracticeNetwork, opened: Opening) -> None:
    """The consumer dies after each batch in turn; what was saved with it is all that the next one knows."""
    channel = await opened(practice.base_url, practice.tokens["agent"], sources="mentions", transport="poll")
    async with Watch(channel) as watch:
        await watch.live(Condition.POLLING)
    cursors = watch.cursors
    missed = [practice.post(f"number {index}")["id"] for index in range(100)]
    stored: list[str] = []
    for _ in range(20):
        events = channel.events(cursors, lambda _: None)
        async for batch in events:
            stored += [message.remote_id for message in batch.messages]
            if batch.cursor is not None:
                cursors = {**cursors, batch.source: batch.cursor}
            if batch.received:
                break
        await events.aclose()  # type: ignore[attr-defined]
        if len(set(stored)) == 100:
            break
    assert list(dict.fromkeys(stored)) == missed


async def test_nothing_is_lost_when_sockets_drop_under_traffic(practice: PracticeNetwork, opened: Opening) -> None:
    channel = await opened(practice.base_url, practice.tokens["agent"], sources="mentions,direct", pace=SWEEPING)
    posted: set[str] = set()
    async with Watch(channel) as watch:
        await watch.live()
        for index in range(60):
            posted.add(practice.post(f"number {index}")["id"])
            if index % 7 == 3:
                practice.faults({"kind": "drop_sockets"})
            if index % 7 == 5:  # some were posted while nobody listened, some into a new socket
                await watch.until(lambda: posted <= set(watch.ids()))
        await watch.until(lambda: posted <= set(watch.ids()))
    assert practice.statistics()["streams_opened"] > 3


@pytest.mark.parametrize("kind", ["silence", "duplicate", "reorder"])
async def test_a_stream_that_swallows_doubles_or_disorders(
    practice: PracticeNetwork, opened: Opening, kind: str
) -> None:
    channel = await opened(practice.base_url, practice.tokens["agent"], sources="mentions,direct", pace=SWEEPING)
    async with Watch(channel) as watch:
        await watch.live()
        practice.faults({"kind": kind, "times": 0, "probability": 0.5})
        posted = {practice.post(f"number {index}")["id"] for index in range(30)}
        await watch.until(lambda: posted <= set(watch.ids()))


@pytest.mark.parametrize("variant", ["truncated", "wrong_types", "deep", "html_page", "empty", "markup", "bidi"])
async def test_garbage_on_the_stream_is_counted_and_looked_up(
    practice: PracticeNetwork, opened: Opening, variant: str
) -> None:
    channel = await opened(practice.base_url, practice.tokens["agent"], sources="mentions,direct")
    async with Watch(channel) as watch:
        await watch.live()
        practice.faults({"kind": "garbage_event", "variant": variant})
        posted = practice.post("after the garbage")["id"]
        await watch.until(lambda: posted in watch.ids())
    assert all("<" not in message.text and "\u202e" not in message.text for message in watch.messages())
    if variant in {"truncated", "wrong_types", "html_page"}:
        assert [reject.code for batch in watch.batches for reject in batch.rejects]


@pytest.mark.parametrize("variant", ["wrong_types", "deep", "huge", "bidi", "zalgo", "javascript", "markup"])
async def test_a_bad_item_of_a_page_leaves_its_neighbours(
    practice: PracticeNetwork, opened: Opening, variant: str
) -> None:
    channel = await opened(practice.base_url, practice.tokens["agent"], sources="mentions", transport="poll")
    async with Watch(channel) as watch:
        await watch.live(Condition.POLLING)
    posted = [practice.post(f"number {index}")["id"] for index in range(5)]
    # The newest of a page comes first and is the one that is spoiled.
    practice.faults({"kind": "garbage", "path": "/api/v1/notifications", "variant": variant, "times": 1})
    async with Watch(channel, watch.cursors) as again:
        await again.until(lambda: sum(batch.received for batch in again.batches) >= 5)
    assert set(posted[:4]) <= set(again.ids())
    for message in again.messages():
        assert "javascript:" not in message.text
        assert "<script" not in message.text
        assert "\u202e" not in message.text
        assert len(message.text) < 21_000


@pytest.mark.parametrize("variant", ["truncated", "html_page", "empty"])
async def test_what_is_no_page_is_a_typed_error_and_in_the_ledger(
    practice: PracticeNetwork, opened: Opening, variant: str
) -> None:
    channel = await opened(practice.base_url, practice.tokens["agent"], sources="mentions", transport="poll")
    async with Watch(channel) as watch:
        await watch.live(Condition.POLLING)
    posted = [practice.post(f"number {index}")["id"] for index in range(5)]
    practice.faults({"kind": "garbage", "path": "/api/v1/notifications", "variant": variant})
    async with Watch(channel, watch.cursors) as broken:
        with pytest.raises(ProtocolChangedError):
            await broken.over()
    assert [reject.code for batch in broken.batches for reject in batch.rejects] == ["protocol_changed"]
    assert all(batch.cursor is None for batch in broken.batches)
    if variant == "truncated":
        assert set(broken.ids()) < set(posted)
        assert broken.ids()
    async with Watch(channel, watch.cursors) as again:
        await again.live(Condition.POLLING)
    assert again.ids() == posted


async def test_an_item_too_large_for_any_page_is_told_and_passed(practice: PracticeNetwork, opened: Opening) -> None:
    channel = await opened(practice.base_url, practice.tokens["agent"], sources="mentions", transport="poll")
    async with Watch(channel) as watch:
        await watch.live(Condition.POLLING)
    before = [practice.post(f"number {index}")["id"] for index in range(3)]
    practice.control("POST", "hostile", variant="huge")
    after = [practice.post(f"number {index}")["id"] for index in range(3)]
    async with Watch(channel, watch.cursors) as again:
        await again.live(Condition.POLLING)
    assert again.ids() == before + after
    rejects = [reject for batch in again.batches for reject in batch.rejects]
    assert [(reject.code, bool(reject.remote_id)) for reject in rejects] == [("protocol_changed", True)]


async def test_edits_and_deletions_arrive(practice: PracticeNetwork, opened: Opening) -> None:
    channel = await opened(practice.base_url, practice.tokens["agent"], pace=QUICK)
    async with Watch(channel) as watch:
        await watch.live()
        posted = practice.post("frist version")["id"]
        await watch.until(lambda: posted in watch.ids())
        practice.control("POST", "edit", id=posted, text="@larkmoor_care first version")
        await watch.until(lambda: any(message.edited_at for message in watch.messages()))
        practice.control("POST", "delete", id=posted)
        await watch.until(lambda: any(batch.deletions for batch in watch.batches))
    edited = [message for message in watch.messages() if message.edited_at][-1]
    assert edited.remote_id == posted
    assert edited.text.endswith("first version")
    assert [found.remote_id for batch in watch.batches for found in batch.deletions] == [posted]


async def test_a_token_that_expires_ends_the_events(practice: PracticeNetwork, opened: Opening) -> None:
    channel = await opened(practice.base_url, practice.tokens["agent"], sources="mentions", transport="poll")
    async with Watch(channel) as watch:
        await watch.live(Condition.POLLING)
        practice.faults({"kind": "expired_token", "times": 0})
        with pytest.raises(AuthExpiredError):
            await watch.over()


async def test_a_stream_that_is_refused_falls_back(practice: PracticeNetwork, opened: Opening) -> None:
    channel = await opened(practice.base_url, practice.tokens["agent"], streaming_url="ws://127.0.0.1:1")
    async with Watch(channel) as watch:
        await watch.live(Condition.POLLING)
        posted = practice.post("still here")["id"]
        await watch.until(lambda: posted in watch.ids())


async def test_hashtags_public_and_remote(practice: PracticeNetwork, opened: Opening) -> None:
    channel = await opened(practice.base_url, practice.tokens["agent"], sources="hashtag:larkmoor,local,remote,public")
    async with Watch(channel) as watch:
        await watch.live()
        posted = practice.post("I like #larkmoor")["id"]
        await watch.until(
            lambda: {"hashtag:larkmoor", "public"} <= {b.source for b in watch.batches if b.live and b.messages}
        )
    assert posted in watch.ids("hashtag:larkmoor")


async def test_health_tells_lag_and_limits(practice: PracticeNetwork, opened: Opening) -> None:
    channel = await opened(practice.base_url, practice.tokens["agent"])
    async with Watch(channel) as watch:
        await watch.live()
        posted = practice.post("hello")["id"]
        await watch.until(lambda: posted in watch.ids() and watch.health[-1].last_event_at)
    assert watch.health[-1].rate.limit == 30_000
    assert 0 <= watch.health[-1].lag < 10_000_000
    assert watch.health[0].condition is Condition.CATCHING_UP


async def test_private_messages_of_our_own_from_elsewhere(practice: PracticeNetwork, opened: Opening) -> None:
    token = practice.tokens["agent"]
    channel = await opened(practice.base_url, token, sources="direct", transport="poll")
    async with Watch(channel) as watch:
        await watch.live(Condition.POLLING)
        first = practice.post("hello", visibility="direct")["id"]
        await watch.until(lambda: first in watch.ids("direct"))

    def answer(text: str, to: str) -> str:
        values = {"status": f"@ada_ashgrove_en@harbour.practice.invalid {text}", "visibility": "direct"}
        return str(practice.request("POST", "/api/v1/statuses", token, {**values, "in_reply_to_id": to})["id"])

    second = answer("one", first)
    third = answer("two", second)
    async with Watch(channel, watch.cursors) as again:
        await again.live(Condition.POLLING)
    assert {second, third} <= set(again.ids("direct"))
    assert all(message.kind is Kind.DIRECT for message in again.messages())


async def test_what_other_moderators_do_to_reports(practice: PracticeNetwork, opened: Opening) -> None:
    agent, moderator = practice.tokens["agent"], practice.tokens["moderator"]
    account = practice.post("spam")["account"]["id"]
    numbers = [
        practice.request("POST", "/api/v1/reports", agent, {"account_id": account, "comment": str(index)})["id"]
        for index in range(3)
    ]
    channel = await opened(practice.base_url, moderator, sources="reports", pace=SWEEPING)

    def resolve(number: str) -> None:
        practice.request("POST", f"/api/v1/admin/reports/{number}/resolve", moderator, {})

    async with Watch(channel) as watch:
        await watch.until(lambda: len(set(watch.ids())) == 3)
        await watch.until(lambda: "open" in watch.cursors["reports"].value)
        resolve(numbers[0])
        await watch.until(lambda: any(message.marks for message in watch.messages()))
    resolve(numbers[1])
    async with Watch(channel, watch.cursors) as again:
        await again.until(lambda: any(message.marks for message in again.messages()))
    assert [message.remote_id for message in again.messages() if message.marks] == [f"report:{numbers[1]}"]


def test_what_waits_together_is_stored_together_in_its_order() -> None:
    def batch(source: str, *numbers: int, cursor: int = 0, live: bool = True) -> Batch:
        deletions = tuple(Deletion(str(number)) for number in numbers)
        return Batch(source, deletions=deletions, cursor=Cursor(1, str(cursor)) if cursor else None, live=live)

    waiting = [
        batch("home", 1, 2, cursor=2),
        batch("home", 3),
        batch("list", 4),
        batch("home", 5),
        batch("home", 6, live=False),
    ]
    found = joined(waiting)
    assert [(one.source, [gone.remote_id for gone in one.deletions], one.live) for one in found] == [
        ("home", ["1", "2", "3"], True),
        ("list", ["4"], True),
        ("home", ["5"], True),
        ("home", ["6"], False),
    ]
    assert found[0].cursor == Cursor(1, "2")
    assert sum(one.received for one in found) == sum(one.received for one in waiting)


def test_batches_are_joined_up_to_a_size() -> None:
    waiting = [Batch("home", filtered=100, live=True) for _ in range(20)]
    found = joined(waiting)
    assert sum(one.filtered for one in found) == 2_000
    assert max(one.filtered for one in found) < TOGETHER + 100


async def test_reading_backwards_ends_and_brings_everything_once(practices: object, opened: Opening) -> None:
    network = practices(backlog=150)  # type: ignore[operator]
    channel = await opened(network.base_url, network.tokens["agent"], sources="home,mentions,direct")
    for source in ("home", "mentions", "direct"):
        position, seen, pages = "", list[str](), 0
        while True:
            found = await channel.earlier(source, position, "", 0)
            position, pages = found.position, pages + 1
            assert all(batch.history and batch.cursor is None for batch in found.batches)
            seen += [message.remote_id for batch in found.batches for message in batch.messages]
            assert pages < 60
            if not found.more:
                break
        assert len(seen) == len(set(seen))
        again = await channel.earlier(source, position, "", 0)
        assert not again.batches, "what has ended is not asked for again"


async def test_reading_backwards_stops_at_a_time_and_goes_on_from_there(practices: object, opened: Opening) -> None:
    network = practices(backlog=400)  # type: ignore[operator]
    channel = await opened(network.base_url, network.tokens["agent"], sources="mentions")
    first = await channel.earlier("mentions", "", "", 0)
    assert first.more
    stopped = await channel.earlier("mentions", first.position, "", first.reached)
    assert not stopped.more
    assert not stopped.batches
    further = await channel.earlier("mentions", stopped.position, "", 0)
    assert further.batches
    assert further.reached < first.reached
