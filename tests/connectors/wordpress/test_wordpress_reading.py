"""Reading comments: by the order in which they are stored, whatever their dates say, and what changed silently."""

from contextlib import aclosing

import pytest

from tests.conformance.doubles.wordpress import MODERATOR, Site
from tests.connectors.wordpress.conftest import Opening, batches, last, texts
from workstation.connectors.wordpress.position import Position, restored
from workstation.domain.channels import Health
from workstation.domain.messages import Batch, Cursor, Kind, Mark


def finished(found: list[Batch]) -> bool:
    """Whether the way down has reached what was read before."""
    position = restored(last(found).get("comments"))
    return position is not None and position.walk is None


class EnoughError(Exception):
    """The site was looked at often enough."""


async def test_a_comment_has_its_article_as_title_and_shows_nothing_private(site: Site, opened: Opening) -> None:
    number = site.comment("Nice <b>post</b> & more\n\nBye", author_url="https://spam.example/")
    (batch,) = await batches(await opened(site.base))
    (message,) = batch.messages
    assert (message.kind, message.remote_id, message.marks) == (Kind.COMMENT, str(number), (Mark.TITLED,))
    assert message.text == "Hello & welcome\nNice <b>post</b> & more\n\nBye"
    told = repr(
        (message.author.handle, message.author.name, message.author.url, message.author.remote_id, message.text)
    )
    for secret in ("203.0.113.9", "Alice@example.org", "spam.example", "Browser"):
        assert secret not in told
    assert message.author.avatar_url == "http://avatars.example/Alice?s=96"


async def test_a_new_channel_begins_with_the_latest(site: Site, opened: Opening) -> None:
    for number in range(70):
        site.comment(f"comment {number}")
    (batch,) = await batches(await opened(site.base))
    assert texts([batch]) == [f"comment {number}" for number in range(20, 70)]


@pytest.mark.parametrize("backlog", [1, 19, 21, 99, 100, 101, 350])
async def test_a_backlog_of_any_length_comes_once(site: Site, opened: Opening, backlog: int) -> None:
    site.comment("first")
    found = await batches(await opened(site.base))
    for number in range(backlog):
        # Dates are of no use: backdated, of the same second, out of order.
        site.comment(f"late {number}", date_gmt=f"20{10 + number % 9}-01-01T00:00:00")
    channel = await opened(site.base)
    more = await batches(channel, last(found), lambda all_: len(texts(all_)) > backlog)
    said = [text for text in texts(more) if text != "first"]
    assert sorted(said) == sorted(f"late {number}" for number in range(backlog))
    position = restored(last(more)["comments"])
    assert position is not None
    assert (position.top, position.walk) == (backlog + 1, None)


async def test_a_way_down_that_broke_off_is_gone_on_with(site: Site, opened: Opening) -> None:
    site.comment("first")
    found = await batches(await opened(site.base))
    for number in range(700):
        site.comment(f"late {number}")
    part = await batches(await opened(site.base), last(found), lambda all_: len(all_) == 4)
    position = restored(last(part)["comments"])
    assert position is not None
    assert position.walk is not None
    assert position.top == 1
    seen = set(texts(part))
    for number in range(30):
        site.comment(f"later {number}")
    site.asked.clear()
    rest = await batches(await opened(site.base), last(part), finished)
    seen |= set(texts(rest))
    assert {f"late {number}" for number in range(700)} | {f"later {number}" for number in range(30)} <= seen
    assert len([asked for asked in site.asked if asked == "GET /wp/v2/comments"]) < 8


async def test_what_is_deleted_while_pages_are_turned_hides_nothing(site: Site, opened: Opening) -> None:
    site.comment("first")
    found = await batches(await opened(site.base))
    numbers = [site.comment(f"late {number}") for number in range(260)]
    channel = await opened(site.base)
    seen: list[str] = []
    async with aclosing(channel.events(last(found), lambda _: None)) as events:  # type: ignore[type-var]
        async for batch in events:
            seen += texts([batch])
            if len(seen) < 150:
                for number in numbers[-40:]:  # the newest go, and all others move up by forty
                    site.comments.pop(number, None)
            if finished([batch]):
                break
    assert {f"late {number}" for number in range(220)} <= set(seen)


async def test_edits_statuses_and_deletions_are_seen_though_no_site_tells_of_them(site: Site, opened: Opening) -> None:
    edited, held, spam, trashed, gone = (site.comment(text) for text in ("edited", "held", "spam", "trashed", "gone"))
    channel = await opened(site.base)
    found = await batches(channel)
    site.change(edited, "edited again")
    for number, status in ((held, "hold"), (spam, "spam"), (trashed, "post-trashed")):
        site.comments[number]["status"] = status
    del site.comments[gone]
    more = await batches(channel, last(found), lambda all_: any(batch.deletions for batch in all_))
    now = {message.remote_id: message for batch in more for message in batch.messages}
    assert now[str(edited)].text.endswith("edited again")
    assert all(message.edited_at for message in now.values())
    marks = {number: set(now[str(number)].marks) - {Mark.TITLED} for number in (held, spam, trashed)}
    assert marks == {held: {Mark.HELD}, spam: {Mark.JUNK}, trashed: {Mark.TRASHED}}
    assert [deletion.remote_id for batch in more for deletion in batch.deletions] == [str(gone)]


async def test_what_did_not_change_is_not_told_again(site: Site, opened: Opening) -> None:
    site.comment("one")
    channel = await opened(site.base)
    found = await batches(channel)
    # What was read before this run is told once more, then nothing.
    seen: list[Batch] = []
    looks: list[Health] = []

    def looked(health: Health) -> None:
        looks.append(health)
        if len(looks) > 6:
            raise EnoughError

    with pytest.raises(EnoughError):
        async with aclosing(channel.events(last(found), looked)) as events:  # type: ignore[type-var]
            seen += [batch async for batch in events]
    assert not seen or texts(seen) == ["one"]


async def test_what_machines_leave_is_counted_and_left_out(site: Site, opened: Opening) -> None:
    site.comment("a trackback", type="trackback")
    site.comment("a pingback", type="pingback")
    site.comment("a person")
    (batch,) = await batches(await opened(site.base))
    assert (texts([batch]), batch.filtered, batch.received) == (["a person"], 2, 3)


async def test_spam_is_left_alone_where_that_is_wished(site: Site, opened: Opening) -> None:
    site.comment("buy", status="spam")
    site.comment("hello")
    (batch,) = await batches(await opened(site.base, spam="leave"))
    assert (texts([batch]), batch.filtered) == (["hello"], 1)


async def test_items_that_cannot_be_read_leave_their_neighbours_alone(site: Site, opened: Opening) -> None:
    site.comment("before")
    site.comment("", content=7)
    site.comment("", id="no number")
    site.comment("", id=-4)
    site.comment("after")
    (batch,) = await batches(await opened(site.base))
    assert texts([batch]) == ["before", "after"]
    assert [reject.code for reject in batch.rejects] == ["protocol_changed"] * 3


async def test_conversations_are_followed_up_to_their_beginning(site: Site, opened: Opening) -> None:
    root = site.comment("root")
    answer = site.comment("answer", parent=root)
    for number in range(60):
        site.comment(f"between {number}")
    deep = site.comment("deep", parent=answer)
    (batch,) = await batches(await opened(site.base))
    message = next(message for message in batch.messages if message.remote_id == str(deep))
    assert (message.branch, message.reply_to) == (str(root), str(answer))


async def test_who_moderates_nothing_reads_what_everybody_reads(site: Site, opened: Opening) -> None:
    site.capabilities = {"read": True}
    site.comment("waits", status="hold")
    number = site.comment("hello")
    channel = await opened(site.base)
    found = await batches(channel)
    assert texts(found) == ["hello"]
    site.comments[number]["status"] = "hold"  # for us it is gone
    more = await batches(channel, last(found), lambda all_: any(batch.deletions for batch in all_))
    assert [deletion.remote_id for batch in more for deletion in batch.deletions] == [str(number)]


async def test_rights_that_are_lost_are_found_out_when_it_is_opened_again(site: Site, opened: Opening) -> None:
    site.comment("hello")
    channel = await opened(site.base)
    assert (await channel.open()).capabilities.offers[3].available
    site.capabilities = dict.fromkeys(MODERATOR, False)
    assert not (await channel.open()).capabilities.offers[3].available
    assert texts(await batches(channel)) == ["hello"]


@pytest.mark.parametrize("value", ["", "{}x", "[]", '{"top": "x"}', '{"ids": 3}'])
def test_a_cursor_that_cannot_be_read_is_none(value: str) -> None:
    assert restored(Cursor(1, value)) is None
    assert restored(Cursor(99, Position().cursor().value)) is None
