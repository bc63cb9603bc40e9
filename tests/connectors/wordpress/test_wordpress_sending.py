"""Answers and moderation: once, visible on the site, and changing nothing else of a comment."""

import pytest

from tests.conformance.doubles.wordpress import OWN, Site
from tests.connectors.wordpress.conftest import Opening, act, batches
from workstation.domain.channels import Idempotency
from workstation.domain.errors import (
    DuplicateError,
    GoneError,
    InvalidError,
    PermissionDeniedError,
    ReplyNotAllowedError,
    TooLongError,
    UnsupportedError,
)
from workstation.domain.messages import Mark
from workstation.domain.outbox import Act


async def test_an_answer_stands_below_what_it_answers_and_says_what_was_written(site: Site, opened: Opening) -> None:
    number = site.comment("Question?")
    channel = await opened(site.base)
    operation = act(Act.REPLY, number, 'We "look" at <it> & more.\n\nBye')
    sent = await channel.send(operation)
    item = site.comments[int(sent.remote_id)]
    assert (item["parent"], item["post"], item["content"]["raw"]) == (
        number,
        1,
        'We "look" at &lt;it&gt; &amp; more.\n\nBye',
    )
    assert sent.batch is not None
    (message,) = sent.batch.messages
    assert (message.text, message.own, message.operation) == (operation.text, True, operation.id)
    assert message.reply_to == str(number)


@pytest.mark.parametrize(
    ("kind", "before", "after", "marks"),
    [
        (Act.APPROVE, "hold", "approved", ()),
        (Act.HOLD, "approved", "hold", (Mark.HELD,)),
        (Act.JUNK, "approved", "spam", (Mark.JUNK,)),
        (Act.UNJUNK, "spam", "approved", ()),
        (Act.TRASH, "approved", "trash", (Mark.TRASHED,)),
        (Act.RESTORE, "trash", "approved", ()),
    ],
)
async def test_moderation_changes_the_status_and_nothing_else(
    site: Site, opened: Opening, kind: Act, before: str, after: str, marks: tuple[Mark, ...]
) -> None:
    number = site.comment("Hello", status=before)
    channel = await opened(site.base)
    for _ in range(2):  # doing it again changes nothing
        sent = await channel.send(act(kind, number))
        item = site.comments[number]
        assert (item["status"], item["author_ip"], item["author_user_agent"]) == (after, "203.0.113.9", "Browser")
        assert sent.batch is not None
        assert set(sent.batch.messages[0].marks) - {Mark.TITLED} == set(marks)
    assert await channel.find_sent(act(kind, number), 0) is not None


async def test_removing_is_for_good_and_may_be_repeated(site: Site, opened: Opening) -> None:
    number = site.comment("Hello")
    channel = await opened(site.base)
    assert await channel.find_sent(act(Act.REMOVE, number), 0) is None
    for _ in range(2):
        await channel.send(act(Act.REMOVE, number))
    assert number not in site.comments
    assert await channel.find_sent(act(Act.REMOVE, number), 0) is not None


async def test_our_own_comments_are_edited_and_deleted(site: Site, opened: Opening) -> None:
    number = site.comment("Question?")
    channel = await opened(site.base)
    sent = await channel.send(act(Act.REPLY, number, "Anwser"))
    own = int(sent.remote_id)
    edited = await channel.send(act(Act.EDIT, own, "Answer"))
    assert edited.batch is not None
    assert edited.batch.messages[0].text == "Answer"
    assert site.comments[own]["author_user_agent"].startswith("Meridian operation")
    assert await channel.find_sent(act(Act.EDIT, own, "Answer"), 0) is not None
    assert await channel.find_sent(act(Act.EDIT, own, "Something else"), 0) is None
    await channel.send(act(Act.DELETE, own))
    assert own not in site.comments


async def test_where_there_is_no_trash_nothing_is_deleted_instead(site: Site, opened: Opening) -> None:
    number = site.comment("Hello")
    site.trash = False
    channel = await opened(site.base)
    with pytest.raises(UnsupportedError):
        await channel.send(act(Act.TRASH, number))
    assert site.comments[number]["status"] == "approved"


async def test_the_same_words_twice_are_refused_with_what_is_there(site: Site, opened: Opening) -> None:
    number = site.comment("Question?")
    channel = await opened(site.base)
    sent = await channel.send(act(Act.REPLY, number, "Thank you!"))
    with pytest.raises(DuplicateError) as caught:
        await channel.send(act(Act.REPLY, number, "Thank you!"))
    assert caught.value.existing == sent.remote_id


async def test_what_is_looked_for_is_found_by_its_operation_not_by_its_words(site: Site, opened: Opening) -> None:
    number = site.comment("Question?")
    site.dedupes = False
    channel = await opened(site.base, idempotency="none")
    first, second = act(Act.REPLY, number, "Thank you!"), act(Act.REPLY, number, "Thank you!")
    sent = await channel.send(first)
    assert await channel.find_sent(second, 0) is None
    found = await channel.find_sent(first, 0)
    assert found is not None
    assert found.remote_id == sent.remote_id
    assert (await channel.open()).capabilities.idempotency is Idempotency.NONE


@pytest.mark.parametrize(
    ("kind", "text", "error"),
    [
        (Act.REPLY, "", InvalidError),
        (Act.REPLY, "   \n", InvalidError),
        (Act.REPLY, "x" * 65_526, TooLongError),
        (Act.REPLY, "<" * 20_000, TooLongError),
        (Act.POST, "x", UnsupportedError),
    ],
)
async def test_what_cannot_be_is_not_tried(
    site: Site, opened: Opening, kind: Act, text: str, error: type[Exception]
) -> None:
    number = site.comment("Hello")
    channel = await opened(site.base)
    site.asked.clear()
    with pytest.raises(error):
        await channel.send(act(kind, number, text))
    assert not site.asked


async def test_refusals_are_typed_with_the_words_of_the_site(site: Site, opened: Opening) -> None:
    number = site.comment("Hello")
    channel = await opened(site.base)
    site.closed = True
    with pytest.raises(ReplyNotAllowedError) as closed:
        await channel.send(act(Act.REPLY, number, "x"))
    assert "Sorry, comments are closed for this item." in str(closed.value)
    site.closed = False
    site.refusals.append(
        (403, {}, b'{"code": "spam_guard", "message": "<strong>Error:</strong> No <b>links</b> &amp; so"}')
    )
    with pytest.raises(PermissionDeniedError) as denied:
        await channel.send(act(Act.REPLY, number, "x"))
    assert str(denied.value).endswith("Error: No links & so")
    with pytest.raises(GoneError):
        await channel.send(act(Act.APPROVE, 9_999))
    for target in ("0", "x", "-1", "9" * 30):
        with pytest.raises(InvalidError):
            await channel.find_sent(act(Act.APPROVE, 0).__class__("id", Act.APPROVE, target=target), 0)


async def test_who_may_not_moderate_is_told_so_before(site: Site, opened: Opening) -> None:
    site.capabilities = {"read": True}
    number = site.comment("Hello")
    channel = await opened(site.base)
    can = (await channel.open()).capabilities
    assert {offer.act for offer in can.offers if offer.available} == {Act.REPLY}
    assert all(offer.reason for offer in can.offers if not offer.available)
    with pytest.raises(PermissionDeniedError):
        await channel.send(act(Act.JUNK, number))
    sent = await channel.send(act(Act.REPLY, number, "Thank you"))
    assert sent.batch is not None
    assert Mark.HELD in sent.batch.messages[0].marks


async def test_threads_histories_and_messages_as_they_are_now(site: Site, opened: Opening) -> None:
    one, two, other = site.comment("one"), site.comment("two", "Bob"), site.comment("other", post=2)
    site.comment("ours", author=OWN)
    channel = await opened(site.base)
    (first,) = await batches(channel)
    thread = await channel.thread(str(one))
    assert [message.remote_id for message in thread.messages] == ["1", "2", "4"]
    bob = next(message.author for message in first.messages if message.remote_id == str(two))
    history = await channel.history(bob.remote_id)
    assert [message.remote_id for message in history.messages] == [str(two)]
    assert history.history
    del site.comments[other]
    fresh = await channel.refresh((str(one), str(other)))
    assert [message.remote_id for message in fresh.messages] == [str(one)]
    assert [deletion.remote_id for deletion in fresh.deletions] == [str(other)]
    gone = await channel.thread(str(other))
    assert [deletion.remote_id for deletion in gone.deletions] == [str(other)]


async def test_only_pictures_that_were_named_are_fetched(site: Site, opened: Opening) -> None:
    channel = await opened(site.base)
    with pytest.raises(PermissionDeniedError):
        await channel.media(f"{site.base}/wp-json/")
