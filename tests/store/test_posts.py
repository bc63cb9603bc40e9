"""Posts in the store: journalled, planned in one step, never twice on a channel, forgotten when thrown away."""

import sqlite3
from collections.abc import Callable

import pytest

from workstation.domain.channels import ChannelConfig
from workstation.domain.errors import NotFoundError
from workstation.domain.messages import Micros
from workstation.domain.outbox import Act, Operation, State
from workstation.domain.posts import Part, PictureData, Post
from workstation.store.database import Transaction
from workstation.store.outbox_rows import insert
from workstation.store.store import Store

MINUTE: Micros = 60_000_000
HOUR = 60 * MINUTE


def operation(name: str, text: str = "news") -> Operation:
    return Operation(name, Act.POST, text=text)


async def test_a_draft_is_kept_with_its_pictures_and_copied_with_them(store: Store, acme: ChannelConfig) -> None:
    post = await store.posts.save(Post(text="news \0 \ud800", parts=(Part(acme.id, text="own"),), caret=3))
    picture = await store.posts.attach(post.id, PictureData("image/png", b"data", "alt", "a.png"))
    (draft,) = await store.posts.drafts()
    assert (draft.text, draft.parts[0].text, draft.pictures) == ("news \ufffd ?", "own", (picture,))
    copy = await store.posts.copy(draft)
    assert copy.id != draft.id
    assert [one.data for one in await store.posts.pictures(copy.id)] == [b"data"]
    await store.posts.detach(picture.id)
    assert await store.posts.pictures(draft.id) == ()


async def test_thrown_away_is_had_back_for_a_while(
    store: Store, clock: Callable[[], Micros], acme: ChannelConfig
) -> None:
    post = await store.posts.save(Post(text="news"))
    await store.posts.discard(post.id)
    assert await store.posts.drafts() == ()
    await store.posts.save(post)  # a late keystroke's journal does not bring it back
    assert await store.posts.drafts() == ()
    await store.posts.restore(post.id)
    assert [draft.id for draft in await store.posts.drafts()] == [post.id]
    await store.posts.discard(post.id)
    clock.now += 2 * HOUR  # type: ignore[attr-defined]
    await store.posts.discard(0)
    await store.posts.restore(post.id)
    assert await store.posts.drafts() == ()


async def test_a_draft_is_planned_once(store: Store, acme: ChannelConfig) -> None:
    post = await store.posts.save(Post(text="news", parts=(Part(acme.id),)))
    posted, changes = await store.posts.plan(post, [(acme.id, operation("one"))], 5, 0)
    assert [row.operation.id for row in changes.outbox] == ["one"]
    assert [row.post for row in posted.rows] == [post.id]
    with pytest.raises(NotFoundError):
        await store.posts.plan(post, [(acme.id, operation("two"))], 5, 0)
    assert await store.outbox.get("two") is None


async def test_the_file_itself_refuses_a_second_living_row(store: Store, acme: ChannelConfig) -> None:
    post = await store.posts.save(Post(text="news", parts=(Part(acme.id),)))
    await store.posts.plan(post, [(acme.id, operation("one"))], 5, 0)

    def job(transaction: Transaction) -> bool:
        try:
            made = insert(transaction.connection, acme.id, operation("two"), 1, 1, post=post.id)
        except sqlite3.IntegrityError:
            return False
        return made

    assert not await store.database.write(job)
    assert await store.outbox.get("two") is None


async def test_an_edit_replaces_what_has_not_left(store: Store, acme: ChannelConfig) -> None:
    other = await store.channels.add(ChannelConfig(0, "mastodon", "Other"))
    parts = (Part(acme.id), Part(other.id))
    post = await store.posts.save(Post(text="news", parts=parts))
    await store.posts.plan(post, [(acme.id, operation("a")), (other.id, operation("b"))], 0, 0)
    row = await store.outbox.claim_next(10, {acme.id})
    assert row is not None
    await store.outbox.settle(row.id, State.SENT)
    draft = await store.posts.copy(Post(post.id, text="changed", parts=parts, replaces=post.id))
    posted, _ = await store.posts.plan(draft, [(acme.id, operation("c")), (other.id, operation("d"))], 0, 0)
    assert posted.post.id == post.id
    assert posted.post.text == "changed"
    assert {(one.channel, one.operation.id, one.state) for one in posted.rows} == {
        (acme.id, "a", State.SENT),
        (other.id, "d", State.QUEUED),
    }
    assert await store.posts.drafts() == ()


async def test_the_calendar_the_missed_and_the_moved(
    store: Store, clock: Callable[[], Micros], acme: ChannelConfig
) -> None:
    now = clock()
    post = await store.posts.save(Post(text="news", parts=(Part(acme.id),), at=now + HOUR))
    await store.posts.plan(post, [(acme.id, operation("a"))], now + HOUR, now + HOUR + MINUTE)
    assert [one.post.id for one in await store.posts.between(now, now + 2 * HOUR)] == [post.id]
    assert await store.posts.between(now, now + HOUR) == ()
    assert await store.posts.next_missed() == now + HOUR + MINUTE
    clock.now = now + 2 * HOUR  # type: ignore[attr-defined]
    assert await store.outbox.claim_next(clock(), {acme.id}) is None
    assert await store.outbox.next_due() is None
    assert [one.post.id for one in await store.posts.missed()] == [post.id]
    assert await store.posts.move(post.id, now + 3 * HOUR, now + 4 * HOUR, "") is not None
    assert await store.posts.missed() == ()
    assert await store.posts.take_back(post.id) is not None
    assert await store.posts.take_back(post.id) is None
    assert await store.posts.move(post.id, now + 5 * HOUR, 0, "") is None
    assert await store.posts.between(0, now + 9 * HOUR) == ()
