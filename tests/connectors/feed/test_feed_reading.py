"""Reading a feed: found, asked for what changed, at the right pace, each item once and its edits."""

import asyncio

import pytest

from tests.conformance.doubles.feed import FeedSite
from tests.connectors.feed.conftest import Reader
from workstation.connectors.feed.entries import Entry, Feed, UnreadableError
from workstation.connectors.feed.position import Position, remembered, restored, sorted_out
from workstation.connectors.feed.reading import Document, Reading
from workstation.connectors.feed.session import FeedEndedError, Stamp, fresh_for, stamp_of
from workstation.domain.errors import (
    ConfigurationError,
    PermissionDeniedError,
    RateLimitedError,
    TransientError,
    UnsupportedError,
)
from workstation.domain.messages import Kind, Mark
from workstation.domain.outbox import Act, Operation
from workstation.net.client import Response


async def test_the_feed_that_a_page_names_is_found_and_its_items_open_cases(site: FeedSite, reader: Reader) -> None:
    first, second = site.publish("Text & more", "Headline"), site.publish("other")
    channel = reader.channel()
    opened = await channel.open()
    (batch,) = await reader.batches(channel)
    assert opened.titles == {"items": "A site"}
    assert [message.remote_id for message in batch.messages] == [first, second]
    message = batch.messages[0]
    assert (message.kind, message.text, message.marks) == (Kind.ITEM, "Headline\nText & more", (Mark.TITLED,))
    assert message.author.name == "A site"
    assert site.asked == [("/feed.xml", "")]  # what opening read is not asked for again


async def test_the_main_feed_goes_before_that_of_comments(site: FeedSite, reader: Reader) -> None:
    site.publish("one")
    site.page = (
        "<link rel='alternate' type='application/rss+xml' title='Comments' href='/comments/feed/'>"
        "<link rel='alternate' type='application/json+oembed' href='/oembed'>"
        "<LINK TYPE=application/rss+xml REL='alternate stylesheet' HREF=feed.xml>"
    )
    opened = await reader.channel().open()
    assert opened.capabilities.server.endswith("/feed.xml")


async def test_where_no_page_names_one_the_usual_places_are_tried(site: FeedSite, reader: Reader) -> None:
    site.page = ""
    opened = await reader.channel("/").open()
    assert opened.capabilities.server.endswith("/feed.xml")
    assert ("/feed/", "") in site.asked


async def test_a_page_without_a_feed_is_told_as_such(site: FeedSite, reader: Reader) -> None:
    site.page = "<html><p>nothing here</p></html>"
    site.document = b"<html><p>a page</p></html>"
    with pytest.raises(UnreadableError) as caught:
        await reader.channel().open()
    assert str(caught.value) == "The feed is not readable, because it is a web page and no feed."


async def test_a_feed_that_did_not_change_is_not_sent_again(site: FeedSite, reader: Reader) -> None:
    site.publish("one")
    (first,) = await reader.batches(reader.channel("/feed.xml"))
    assert first.cursor is not None
    site.asked.clear()
    channel = reader.channel("/feed.xml")
    await channel.open()
    waiting = asyncio.create_task(reader.batches(channel, {"items": first.cursor}))
    while len(site.asked) < 4:
        site.heard.clear()
        await site.heard.wait()
    assert all(known for _, known in site.asked[2:])
    news = site.publish("two")
    (batch,) = await waiting
    assert [message.remote_id for message in batch.messages] == [news]


async def test_an_edit_is_told_once_and_what_falls_off_is_not_deleted(site: FeedSite, reader: Reader) -> None:
    guid, other = site.publish("it arived"), site.publish("stays")
    (first,) = await reader.batches(reader.channel("/feed.xml"))
    assert first.cursor is not None
    site.change(guid, "it arrived")
    site.items = [item for item in site.items if item[0] != other]
    (second,) = await reader.batches(reader.channel("/feed.xml"), {"items": first.cursor})
    assert [(message.remote_id, message.text) for message in second.messages] == [(guid, "News\nit arrived")]
    assert second.messages[0].edited_at
    assert not second.deletions


async def test_what_has_moved_for_good_is_asked_there_from_then_on(site: FeedSite, reader: Reader) -> None:
    site.publish("one")
    (first,) = await reader.batches(reader.channel("/moved.xml"))
    position = restored(first.cursor)
    assert position is not None
    assert position.url == f"{site.base}/feed.xml"


async def test_a_feed_that_is_gone_for_good_ends(site: FeedSite, reader: Reader) -> None:
    site.publish("one")
    channel = reader.channel("/feed.xml")
    await channel.open()
    site.statuses += [(410, {})]
    with pytest.raises(FeedEndedError) as caught:
        await reader.batches(channel, count=2)
    assert isinstance(caught.value, UnsupportedError)  # nobody tries again


@pytest.mark.parametrize(
    ("status", "headers", "error"),
    [
        (404, {}, TransientError),
        (401, {}, PermissionDeniedError),
        (500, {}, TransientError),
        (503, {"Retry-After": "120"}, TransientError),
        (429, {"Retry-After": "120"}, RateLimitedError),
    ],
)
async def test_refusals_are_typed_and_waits_are_heeded(
    site: FeedSite, reader: Reader, status: int, headers: dict[str, str], error: type[Exception]
) -> None:
    site.statuses += [(status, headers)] * 3
    with pytest.raises(error) as caught:
        await reader.channel("/feed.xml").open()
    waits = getattr(caught.value, "retry_at", 0)
    assert bool(waits) == bool(headers)


async def test_a_document_that_was_cut_is_asked_for_again_in_full(site: FeedSite, reader: Reader) -> None:
    site.publish("one")
    (first,) = await reader.batches(reader.channel("/feed.xml"))
    assert first.cursor is not None
    whole, cut = site.publish("whole"), site.publish("cut in the middle")
    channel = reader.channel("/feed.xml")
    await channel.open()
    source = site.source()
    site.babble.append(source[: source.index(b"whole") - 40])
    channel._fresh = None
    found = await reader.batches(channel, {"items": first.cursor}, count=2)
    texts = [message.text for batch in found for message in batch.messages]
    assert sorted(texts) == ["News\ncut in the middle", "News\nwhole"]
    assert {message.remote_id for batch in found for message in batch.messages} == {whole, cut}


def test_a_state_of_this_minute_is_not_relied_upon() -> None:
    def stamp(changed: str) -> Stamp:
        date = ("date", "Sun, 22 Nov 2026 11:05:26 GMT")
        return stamp_of(Response(200, (date, ("last-modified", changed), ("etag", '"x"'))))

    assert stamp("Sun, 22 Nov 2026 11:05:26 GMT") == Stamp()
    assert stamp("Sun, 22 Nov 2026 11:00:00 GMT") == Stamp('"x"', "Sun, 22 Nov 2026 11:00:00 GMT")
    assert stamp("nonsense") == Stamp('"x"', "nonsense")


async def test_one_request_at_a_time_goes_to_a_host(site: FeedSite, reader: Reader) -> None:
    site.publish("one")
    channels = [reader.channel("/feed.xml") for _ in range(5)]
    assert len({id(channel._session._hosts) for channel in channels}) == 1
    await asyncio.gather(*(channel.open() for channel in channels))
    assert site.busiest == 1


async def test_a_feed_cannot_be_answered(site: FeedSite, reader: Reader) -> None:
    site.publish("one")
    channel = reader.channel("/feed.xml")
    offer = (await channel.open()).capabilities.offer(Act.REPLY)
    assert offer is not None
    assert not offer.available
    assert str(offer.reason and offer.reason.msgid) == "A feed cannot be answered; open the page."
    with pytest.raises(UnsupportedError):
        await channel.send(Operation("4f1c7e1e-0d2b-4bb4-9d0b-0f4c1f3f3a11", Act.REPLY, text="x"))


async def test_what_was_not_named_is_not_fetched(site: FeedSite, reader: Reader) -> None:
    channel = reader.channel("/feed.xml")
    site.publish("one")
    await reader.batches(channel)
    with pytest.raises(PermissionDeniedError):
        await channel.media(f"{site.base}/feed.xml")
    with pytest.raises(PermissionDeniedError):
        await channel.file("http://169.254.169.254/latest/meta-data")


@pytest.mark.parametrize(
    "server", ["", "ftp://x.example/feed", "http://", "https://user:pw@x.example/", "a b", "https://["]
)
def test_what_is_no_address_is_refused(reader: Reader, server: str) -> None:
    reader.base = ""
    with pytest.raises(ConfigurationError):
        reader.channel(server)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("news.example.org", "https://news.example.org/"),
        ("feed://news.example.org/rss", "https://news.example.org/rss"),
        ("feed:https://news.example.org/rss?x=1#top", "https://news.example.org/rss?x=1"),
    ],
)
def test_addresses_are_understood_as_they_are_typed(reader: Reader, typed: str, meant: str) -> None:
    reader.base = ""
    assert reader.channel(typed)._site == meant


def test_ids_that_several_items_share_are_told_apart_and_stay() -> None:
    one = Entry("same", "One", "a", "https://x.example/1")
    two = Entry("same", "Two", "b", "https://x.example/2")
    first = sorted_out((one,), {})
    known = remembered({}, first)
    assert [told.remote_id for told in first] == ["same"]
    both = sorted_out((two, one), known)
    assert [(told.new, told.changed) for told in both] == [(True, False), (False, False)]
    known = remembered(known, both)
    assert not any(told.new or told.changed for told in sorted_out((one, two), known))
    assert not any(told.new or told.changed for told in sorted_out((two,), known))


def test_items_without_ids_are_known_by_address_or_by_what_they_say() -> None:
    entries = (Entry(link="https://x.example/1", title="a"), Entry(title="b", text="c"), Entry(guid="g" * 500))
    told = sorted_out(entries, {})
    assert told[0].remote_id == "https://x.example/1"
    assert all(each.remote_id.startswith("item:") for each in told[1:])
    assert not any(each.new for each in sorted_out(entries, remembered({}, told)))


def test_what_is_remembered_has_an_end() -> None:
    known: dict[str, str] = {}
    for start in range(0, 5_000, 50):
        known = remembered(
            known, sorted_out(tuple(Entry(guid=str(n), title="t") for n in range(start, start + 50)), known)
        )
    assert len(known) == 2_000
    assert len(Position(known=known).cursor().value) < 100_000


@pytest.mark.parametrize(
    ("seconds", "every", "headers", "waits"),
    [
        (None, 0.0, {}, 300.0),
        (None, 3_600.0, {}, 3_600.0),
        (None, 0.0, {"cache-control": "public, max-age=1800"}, 1_800.0),
        (None, 9e9, {}, 86_400.0),
        (90.0, 3_600.0, {}, 90.0),
    ],
)
def test_the_pace_is_what_the_feed_asks_for(
    reader: Reader, seconds: float | None, every: float, headers: dict[str, str], waits: float
) -> None:
    channel = reader.channel("/feed.xml")
    fresh = fresh_for(Response(200, tuple(headers.items())))
    document = Document("https://x.example/", Feed(every=every), Stamp(), fresh)
    reading = Reading(channel._session, "", 1, seconds, lambda _: None, lambda: 0)
    assert reading._interval(document) == waits
