"""Reading lists by asking again and again: nothing lost, nothing doubled, whatever the network does."""

from typing import Any

import pytest
from aiohttp import web

from tests.conformance.doubles.bluesky import ALICE, BOB, OWN, Habits, Network, iso
from tests.connectors.bluesky.conftest import Opening
from tests.connectors.conftest import Watch
from workstation.connectors.base import ReadsBack
from workstation.connectors.bluesky.pages import Item, Page
from workstation.connectors.bluesky.polling import Follower
from workstation.connectors.bluesky.sources import OVERLAP, Feed, Position, cursor, position, wanted
from workstation.domain.channels import Condition
from workstation.domain.errors import ConfigurationError
from workstation.domain.messages import Cursor, Kind, Mark
from workstation.net.limits import Lane

SECOND = 1_000_000


# -- the positions, alone ----------------------------------------------------------------------------------------------


class Listed:
    """A list that pages backwards, into which things are put in late."""

    def __init__(self) -> None:
        self.items: list[tuple[str, int]] = []
        self.asked = 0
        self.breaks_at = 0

    async def page(self, feed: Feed, cursor: str, lane: Lane, limit: int = 0) -> Page:
        """Three at a time."""
        self.asked += 1
        if self.asked == self.breaks_at:
            raise ConnectionError
        start = int(cursor or 0)
        ordered = sorted(self.items, key=lambda item: -item[1])
        some = ordered[start : start + 3]
        onward = str(start + 3) if len(ordered) > start + 3 else ""
        return Page(tuple(Item(name.encode(), name, at) for name, at in some), onward)  # type: ignore[arg-type]


class Noted(Follower):
    """Notes names instead of reading."""

    def __init__(self, pages: Any, at: Position | None = None) -> None:
        super().__init__(Feed("home", "x"), pages, at)
        self.found: list[str] = []

    async def _batch(self, items: Any, at: Position, lane: Lane) -> Any:
        self.found += [item.name for item in items]
        return at

    async def all(self) -> list[Position]:
        """Poll once."""
        return [at async for at in self.poll(Lane.POLL)]  # type: ignore[misc]


async def test_what_is_put_in_late_is_found() -> None:
    listed = Listed()
    listed.items = [("a", 1_000 * SECOND), ("b", 1_010 * SECOND)]
    follower = Noted(listed)
    await follower.all()
    listed.items.append(("late", 1_005 * SECOND))
    await follower.all()
    assert follower.found == ["b", "a", "late"]
    assert await follower.all() == []


async def test_pages_are_read_back_past_what_is_known() -> None:
    listed = Listed()
    listed.items = [("old", 1_000 * SECOND)]
    follower = Noted(listed)
    await follower.all()
    listed.items += [(f"n{number}", (2_000 + number) * SECOND) for number in range(10)]
    positions = await follower.all()
    assert sorted(follower.found[1:]) == sorted(f"n{number}" for number in range(10))
    assert all(at.gap is not None for at in positions[:-1])
    assert positions[-1].gap is None
    assert positions[-1].newest == 2_009 * SECOND


async def test_a_way_back_that_breaks_off_goes_on_where_it_was() -> None:
    listed = Listed()
    listed.items = [("old", 1_000 * SECOND)]
    follower = Noted(listed)
    await follower.all()
    listed.items += [(f"n{number}", (2_000 + number) * SECOND) for number in range(12)]
    listed.breaks_at = listed.asked + 3
    with pytest.raises(ConnectionError):
        await follower.all()
    saved = follower.at
    assert saved is not None
    assert saved.gap is not None
    again = Noted(listed, position(cursor(saved)))
    listed.items.append(("meanwhile", 2_500 * SECOND))
    await again.all()
    assert sorted({*follower.found[1:], *again.found}) == sorted([f"n{n}" for n in range(12)] + ["meanwhile"])
    assert len(again.found) < 12


async def test_what_moves_up_after_a_deletion_is_not_new() -> None:
    listed = Listed()
    listed.items = [(name, (1_000 + number) * SECOND) for number, name in enumerate("abcdef")]
    follower = Noted(listed)
    await follower.all()
    assert follower.found == ["f", "e", "d"]
    listed.items.pop()
    await follower.all()
    assert follower.found == ["f", "e", "d"]


async def test_a_list_that_was_empty_is_read_whole() -> None:
    listed = Listed()
    follower = Noted(listed)
    await follower.all()
    listed.items = [(f"n{number}", number * 10 * OVERLAP + 1) for number in range(8)]
    await follower.all()
    assert len(follower.found) == 8


def test_cursors_of_other_versions_start_anew() -> None:
    assert position(Cursor(2, "{}")) is None
    assert position(Cursor(1, "nonsense")) is None
    assert position(Cursor(1, "{}")) == Position()


@pytest.mark.parametrize(
    ("setting", "found"),
    [
        ("", ("mentions", "own", "home")),
        ("mentions; #Täg, search:lost  parcel", ("mentions", "hashtag:täg", "search:lost parcel")),
        ("list:at://did:plc:a/app.bsky.graph.list/3m", ("list:at://did:plc:a/app.bsky.graph.list/3m",)),
        (
            "feed:https://bsky.app/profile/did:plc:a/feed/hot, home, home",
            ("feed:at://did:plc:a/app.bsky.feed.generator/hot", "home"),
        ),
    ],
)
def test_sources(setting: str, found: tuple[str, ...]) -> None:
    assert wanted(setting, jetstream=False, reports=False) == found


@pytest.mark.parametrize(
    "setting", ["nonsense", "list:3m", "feed:at://a/app.bsky.graph.list/x", "search:", "jetstream"]
)
def test_sources_that_are_none(setting: str) -> None:
    with pytest.raises(ConfigurationError):
        wanted(setting, jetstream=False, reports=False)


# -- a whole network ---------------------------------------------------------------------------------------------------


async def test_mentions_answers_and_quotes_open_cases_and_the_rest_is_counted(
    network: Network, channel_of: Opening
) -> None:
    said = network.say("where is it?")
    ours = network.put(OWN, "app.bsky.feed.post", {"$type": "app.bsky.feed.post", "text": "on its way",
                                                   "createdAt": iso(network.tick())})  # fmt: skip
    answer = network.answer(ours, "thanks", BOB)
    network.notice("like", {"$type": "app.bsky.feed.like"})
    network.notice("follow", {"$type": "app.bsky.graph.follow"})
    async with Watch(await channel_of(sources="mentions")) as watch:  # type: ignore[arg-type]
        await watch.live(Condition.POLLING)
        found = watch.messages()
        assert [message.remote_id for message in found] == [said.uri, answer.uri]
        assert {message.kind for message in found} == {Kind.MENTION}
        assert sum(batch.filtered for batch in watch.batches) == 2
        later = network.say("hello?", BOB)
        await watch.until(lambda: later.uri in watch.ids())
        assert len(watch.ids()) == len(set(watch.ids())) == 3


async def test_every_kind_of_list(network: Network, channel_of: Opening) -> None:
    found = network.post("a #zebra in the garden")
    network.put(OWN, "app.bsky.feed.post", {"$type": "app.bsky.feed.post", "text": "ours", "createdAt": iso(1)})
    everything = (
        "own, home, search:garden, #zebra, list:at://did:plc:a/app.bsky.graph.list/3m,"
        " feed:at://did:plc:a/app.bsky.feed.generator/hot"
    )
    channel = await channel_of(sources=everything)
    async with Watch(channel) as watch:  # type: ignore[arg-type]
        await watch.until(lambda: len({batch.source for batch in watch.batches}) == 6)
        for source in ("home", "search:garden", "hashtag:zebra"):
            assert found.uri in watch.ids(source)
        assert [message.own for message in watch.messages("own")] == [True]
    opened = await channel.open()
    assert opened.titles["feed:at://did:plc:a/app.bsky.feed.generator/hot"] == "What's hot"
    assert opened.titles["search:garden"] == "“garden”"


async def test_a_deleted_mention_is_noticed(network: Network, channel_of: Opening) -> None:
    gone, kept = network.say("gone soon"), network.say("stays")
    async with Watch(await channel_of(sources="mentions")) as watch:  # type: ignore[arg-type]
        await watch.until(lambda: kept.uri in watch.ids())
        network.delete(gone.uri)
        await watch.until(lambda: [item.remote_id for batch in watch.batches for item in batch.deletions] == [gone.uri])


async def test_a_feed_of_somebody_else_that_fails_stops_nothing(
    habits: Habits, network: Network, channel_of: Opening
) -> None:
    async def broken(_: web.Request) -> web.StreamResponse:
        return web.json_response({"error": "UpstreamFailure", "message": "feed unavailable"}, status=502)

    habits.odd["app.bsky.feed.getFeed"] = broken
    said = network.say("hello")
    channel = await channel_of(sources="mentions, feed:at://did:plc:a/app.bsky.feed.generator/hot")
    async with Watch(channel) as watch:  # type: ignore[arg-type]
        await watch.until(lambda: watch.health and watch.health[-1].error is not None)
        await watch.until(lambda: said.uri in watch.ids())
        await watch.live(Condition.POLLING)


async def test_long_absences_are_read_page_by_page(habits: Habits, network: Network, channel_of: Opening) -> None:
    habits.page = 10
    first = network.say("first")
    channel = await channel_of(sources="mentions")
    async with Watch(channel) as watch:  # type: ignore[arg-type]
        await watch.until(lambda: first.uri in watch.ids())
    said = [network.say(f"number {number}").uri for number in range(95)]
    async with Watch(channel, watch.cursors) as again:  # type: ignore[arg-type]
        await again.until(lambda: set(said) <= set(again.ids()))
        assert len(again.ids()) == len(set(again.ids()))


async def test_reports_come_as_one_case_and_are_closed_by_others(network: Network, channel_of: Opening) -> None:
    post = network.post("buy my pills")
    subject = {"$type": "com.atproto.repo.strongRef", "uri": post.uri, "cid": post.cid}
    body = {"reasonType": "com.atproto.moderation.defs#reasonSpam", "reason": "spam!", "subject": subject}
    network.report(body, BOB)
    channel = await channel_of(sources="reports")
    async with Watch(channel) as watch:  # type: ignore[arg-type]
        await watch.until(lambda: watch.messages("reports"))
        network.report(body | {"reason": "me too"}, OWN)
        await watch.until(lambda: len(watch.ids("reports")) == 2)
        one, two = watch.messages("reports")
        assert one.branch == two.branch == f"report:{post.uri}"
        assert one.author.remote_id == ALICE
        assert one.text == "⚑ @bob.test → @alice.test · Spam\n\nspam!\n\n> @alice.test:\n> buy my pills"
        network._event({"$type": "tools.ozone.moderation.defs#modEventAcknowledge"}, subject, BOB)
        await watch.until(lambda: len(watch.ids("reports")) == 4)
        assert all(message.marks == (Mark.RESOLVED,) for message in watch.messages("reports")[2:])


async def test_who_is_no_moderator_reads_no_reports(habits: Habits, network: Network, channel_of: Opening) -> None:
    habits.moderator = False
    channel = await channel_of(sources="mentions, reports")
    opened = await channel.open()
    assert opened.sources == ("mentions",)
    refused = [offer.act.value for offer in opened.capabilities.offers if not offer.available]
    assert "take_down" in refused


async def test_a_thread_says_what_is_gone_and_what_is_blocked(
    habits: Habits, network: Network, channel_of: Opening
) -> None:
    first = network.post("first")
    second = network.answer(first, "second", BOB)
    third = network.answer(second, "third")
    channel = await channel_of(sources="mentions")
    batch = await channel.thread(second.uri)
    assert [message.remote_id for message in batch.messages] == [first.uri, second.uri, third.uri]
    network.delete(first.uri)
    batch = await channel.thread(second.uri)
    assert [deletion.remote_id for deletion in batch.deletions] == [first.uri]
    network.delete(second.uri)
    batch = await channel.thread(second.uri)
    assert [deletion.remote_id for deletion in batch.deletions] == [second.uri]

    async def blocked(_: web.Request) -> web.StreamResponse:
        kind = "app.bsky.feed.defs#blockedPost"
        return web.json_response({"thread": {"$type": kind, "uri": first.uri, "blocked": True, "author": {"did": BOB}}})

    habits.odd["app.bsky.feed.getPostThread"] = blocked
    assert (await channel.thread(third.uri)).filtered == 1


async def test_posts_that_views_leave_out_are_looked_for_in_their_repository(
    habits: Habits, network: Network, channel_of: Opening
) -> None:
    kept, gone = network.post("by one who blocks us"), network.post("gone")
    channel = await channel_of(sources="mentions")
    network.delete(gone.uri)

    async def nothing(_: web.Request) -> web.StreamResponse:
        return web.json_response({"posts": []})

    habits.odd["app.bsky.feed.getPosts"] = nothing
    batch = await channel.refresh((kept.uri, gone.uri))
    assert [message.text for message in batch.messages] == ["by one who blocks us"]
    assert batch.messages[0].author.handle == "alice.test"
    assert [deletion.remote_id for deletion in batch.deletions] == [gone.uri]


async def test_history(network: Network, channel_of: Opening) -> None:
    posts = [network.post(f"post {number}", BOB).uri for number in range(3)]
    batch = await (await channel_of(sources="mentions")).history(BOB)
    assert [message.remote_id for message in batch.messages] == posts


async def test_two_accounts_give_one_address(network: Network, channel_of: Opening) -> None:
    said = network.say("hello")
    one, two = await channel_of(sources="mentions"), await channel_of(sources="home")
    found = [(await channel.refresh((said.uri,))).messages[0].address for channel in (one, two)]
    assert found[0] == found[1] == f"https://bsky.app/profile/{ALICE}/post/{said.uri.rpartition('/')[2]}"


async def test_lists_are_read_backwards(habits: Habits, network: Network, channel_of: Opening) -> None:
    habits.page = 4
    said = [network.say(f"number {number}").uri for number in range(10)]
    channel = await channel_of(sources="mentions")
    assert isinstance(channel, ReadsBack)
    found: list[str] = []
    position, more = "", True
    while more:
        page = await channel.earlier("mentions", position, said[-1], 0)
        assert all(batch.history and batch.cursor is None for batch in page.batches)
        found = [message.remote_id for batch in page.batches for message in batch.messages] + found
        position, more = page.position, page.more
    assert found == said
    until = (await channel.earlier("mentions", "", "", 0)).reached
    assert not (await channel.earlier("mentions", "", "", until)).more
    assert not (await channel.earlier("jetstream", "", "", 0)).more


async def test_a_network_that_asks_to_wait_is_waited_for(habits: Habits, network: Network, channel_of: Opening) -> None:
    channel = await channel_of(sources="mentions")
    times = 0

    async def later(request: web.Request) -> web.StreamResponse:
        nonlocal times
        times += 1
        if times > 1:
            del habits.odd["app.bsky.notification.listNotifications"]
            return await network.handle(request)
        return web.json_response({"error": "RateLimitExceeded"}, status=429, headers={"retry-after": "1"})

    habits.odd["app.bsky.notification.listNotifications"] = later
    said = network.say("hello")
    async with Watch(channel) as watch:  # type: ignore[arg-type]
        await watch.until(lambda: watch.health and watch.health[-1].error is not None)
        await watch.until(lambda: said.uri in watch.ids())
        await watch.until(lambda: watch.health[-1].error is None)


async def test_reposts_and_reports_are_looked_at_again(network: Network, channel_of: Opening) -> None:
    post = network.post("pass it on")
    subject = {"uri": post.uri, "cid": post.cid}
    repost = network.put(BOB, "app.bsky.feed.repost", {"subject": subject, "createdAt": iso(network.tick())})
    about = {"$type": "com.atproto.admin.defs#repoRef", "did": ALICE}
    network.report({"reasonType": "com.atproto.moderation.defs#reasonRude", "subject": about}, BOB)
    channel = await channel_of(sources="reports")
    batch = await channel.refresh((repost.uri, f"{post.uri}#{BOB}", "report:1", "nonsense"))
    found = {message.remote_id: message for message in batch.messages}
    assert (found[repost.uri].kind, found[repost.uri].subject) == (Kind.BOOST, post.uri)
    assert found[repost.uri].author.handle == "bob.test"
    assert found["report:1"].text == "⚑ @bob.test → @alice.test · Rude"
    assert found["report:1"].branch == f"report:{ALICE}"
    assert [deletion.remote_id for deletion in batch.deletions] == ["nonsense"]
    assert [message.remote_id for message in (await channel.thread("report:1")).messages] == ["report:1"]
    network.delete(repost.uri)
    assert [item.remote_id for item in (await channel.refresh((repost.uri,))).deletions] == [repost.uri]
