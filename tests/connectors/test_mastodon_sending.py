"""Doing things once: what was done is found again, what was not is known not to be, and doubt is called doubt."""

import time
import uuid
from typing import Any

import pytest

from tests.connectors.conftest import Opening, Watch
from tests.practice_network import PracticeNetwork
from workstation.connectors.mastodon.capabilities import PLANS
from workstation.domain.channels import Idempotency
from workstation.domain.errors import (
    AmbiguousError,
    AuthExpiredError,
    ChannelError,
    GoneError,
    InvalidError,
    PermissionDeniedError,
    RateLimitedError,
    TransientError,
)
from workstation.domain.messages import Kind, Mark, Visibility
from workstation.domain.outbox import Act, Operation

POSTS = "/api/v1/statuses"


def now() -> int:
    return time.time_ns() // 1_000


def operation(act: Act, **values: Any) -> Operation:
    """An operation with an id of its own."""
    return Operation(str(uuid.uuid4()), act, **values)


def reply_to(posted: dict[str, Any], text: str = "We look into it", **values: Any) -> Operation:
    """A reply to a customer's post."""
    return operation(Act.REPLY, target=posted["id"], account=_handle(posted), text=text, **values)


def _handle(posted: dict[str, Any]) -> str:
    return str(posted["account"]["acct"])


def _replies(network: PracticeNetwork, token: str, posted: dict[str, Any]) -> list[dict[str, Any]]:
    found = network.request("GET", f"{POSTS}/{posted['id']}/context", token)
    return [item for item in found["descendants"] if item["in_reply_to_id"] == posted["id"]]


async def test_a_reply_arrives_once_named_and_no_more_public(practice: PracticeNetwork, opened: Opening) -> None:
    token = practice.tokens["agent"]
    channel = await opened(practice.base_url, token)
    posted = practice.post("where is it?", visibility="unlisted")
    sent = await channel.send(reply_to(posted, language="de-AT", spoiler="order"))
    found = _replies(practice, token, posted)
    assert [item["id"] for item in found] == [sent.remote_id]
    assert found[0]["visibility"] == "unlisted"
    assert found[0]["language"] == "de"
    assert found[0]["spoiler_text"] == "order"
    assert [item["acct"] for item in found[0]["mentions"]] == [_handle(posted)]
    assert sent.batch is not None
    message = sent.batch.messages[0]
    assert message.own
    assert message.operation
    assert message.reply_to == posted["id"]


async def test_the_echo_is_the_same_message(practice: PracticeNetwork, opened: Opening) -> None:
    channel = await opened(practice.base_url, practice.tokens["agent"])
    posted = practice.post("hello")
    async with Watch(channel) as watch:
        await watch.live()
        sent = await channel.send(reply_to(posted))
        await watch.until(lambda: sent.remote_id in watch.ids("home"))
    assert all(message.own for message in watch.messages("home") if message.remote_id == sent.remote_id)


async def test_the_same_key_gives_the_same_post(practice: PracticeNetwork, opened: Opening) -> None:
    token = practice.tokens["agent"]
    channel = await opened(practice.base_url, token)
    posted = practice.post("hello")
    once = reply_to(posted)
    first, second = await channel.send(once), await channel.send(once)
    assert first.remote_id == second.remote_id
    assert len(_replies(practice, token, posted)) == 1


@pytest.mark.parametrize("idempotency", [True, False])
@pytest.mark.parametrize("at", ["after", "within"])
async def test_a_lost_answer_is_doubt_and_looking_finds_the_post(
    practices: Any, opened: Opening, idempotency: bool, at: str
) -> None:
    network = practices(idempotency=idempotency)
    channel = await opened(network.base_url, network.tokens["agent"])
    posted = network.post("hello")
    for text in ("Hi <b>there</b> & more\n\nsecond *line*", "#tag https://example.com/" + "x" * 60, "日本語 🙂"):
        wanted, since = reply_to(posted, text), now()
        network.faults({"kind": "lost_answer", "method": "POST", "path": POSTS, "at": at, "bytes": 20})
        with pytest.raises(AmbiguousError):
            await channel.send(wanted)
        found = await channel.find_sent(wanted, since)
        assert found is not None
        assert found.batch is not None
        assert found.batch.messages[0].operation == wanted.id
    assert len(_replies(network, network.tokens["agent"], posted)) == 3


async def test_a_lost_request_is_doubt_and_looking_finds_nothing(practice: PracticeNetwork, opened: Opening) -> None:
    channel = await opened(practice.base_url, practice.tokens["agent"])
    posted = practice.post("hello")
    await channel.send(reply_to(posted, "Something else"))
    wanted, since = reply_to(posted), now()
    practice.faults({"kind": "lost_request", "method": "POST", "path": POSTS})
    with pytest.raises(AmbiguousError):
        await channel.send(wanted)
    assert await channel.find_sent(wanted, since) is None


async def test_looking_tells_posts_apart(practice: PracticeNetwork, opened: Opening) -> None:
    channel = await opened(practice.base_url, practice.tokens["agent"])
    first, second = practice.post("hello"), practice.post("hello too")
    since = now()
    sent = await channel.send(reply_to(first, "Thank you"))
    assert await channel.find_sent(reply_to(second, "Thank you"), since) is None
    assert await channel.find_sent(operation(Act.POST, text="Thank you"), since) is None
    assert await channel.find_sent(reply_to(first, "Thank you", spoiler="x"), since) is None
    assert await channel.find_sent(reply_to(first, "Thank you"), since + 3_600_000_000) is None
    found = await channel.find_sent(reply_to(first, "thank  you"), since)
    assert found is not None
    assert found.remote_id == sent.remote_id


async def test_a_server_that_may_ignore_the_key_is_not_trusted_with_it(practices: Any, opened: Opening) -> None:
    network = practices(idempotency=False)
    channel = await opened(network.base_url, network.tokens["agent"], idempotency="none")
    assert (await channel.open()).capabilities.idempotency is Idempotency.NONE


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        ({"kind": "rate_limit", "form": "seconds", "seconds": 7}, RateLimitedError),
        ({"kind": "rate_limit", "form": "iso", "seconds": 7}, RateLimitedError),
        ({"kind": "rate_limit", "form": "date", "seconds": 7}, RateLimitedError),
        ({"kind": "server_error", "status": 500}, AmbiguousError),
        ({"kind": "server_error", "status": 503}, AmbiguousError),
        ({"kind": "expired_token"}, AuthExpiredError),
        ({"kind": "garbage", "variant": "html_page"}, AmbiguousError),
        ({"kind": "garbage", "variant": "truncated"}, AmbiguousError),
        ({"kind": "garbage", "variant": "empty"}, AmbiguousError),
    ],
)
async def test_what_goes_wrong_with_a_post(
    practice: PracticeNetwork, opened: Opening, fault: dict[str, Any], error: type[ChannelError]
) -> None:
    channel = await opened(practice.base_url, practice.tokens["agent"])
    practice.faults({**fault, "method": "POST", "path": POSTS})
    started = now()
    with pytest.raises(error) as caught:
        await channel.send(operation(Act.POST, text="hello"))
    if error is RateLimitedError:
        assert started + 4_000_000 < caught.value.retry_at < now() + 9_000_000
        assert caught.value.retryable


async def test_reading_that_fails_is_retried_not_doubted(practice: PracticeNetwork, opened: Opening) -> None:
    channel = await opened(practice.base_url, practice.tokens["agent"])
    posted = practice.post("hello")
    practice.faults({"kind": "server_error", "method": "GET", "path": POSTS})
    with pytest.raises(TransientError):
        await channel.send(reply_to(posted))
    assert _replies(practice, practice.tokens["agent"], posted) == []


async def test_what_is_gone_is_known_before_it_is_answered(practice: PracticeNetwork, opened: Opening) -> None:
    channel = await opened(practice.base_url, practice.tokens["agent"])
    posted = practice.post("hello")
    practice.control("POST", "delete", id=posted["id"])
    with pytest.raises(GoneError):
        await channel.send(reply_to(posted))
    with pytest.raises(GoneError):
        await channel.send(operation(Act.FAVOURITE, target=posted["id"]))


async def test_a_text_over_the_limit_is_measured_and_refused(practices: Any, opened: Opening) -> None:
    network = practices(limit_characters=300)
    channel = await opened(network.base_url, network.tokens["agent"])
    fits, long = operation(Act.POST, text="x" * 300), operation(Act.POST, text="x" * 301)
    assert channel.measure(fits).fits
    assert not channel.measure(long).fits
    await channel.send(fits)
    with pytest.raises(InvalidError):
        await channel.send(long)


async def test_the_mention_that_is_added_counts(practice: PracticeNetwork, opened: Opening) -> None:
    channel = await opened(practice.base_url, practice.tokens["agent"])
    posted = practice.post("hello")
    wanted = reply_to(posted, "thanks")
    assert channel.measure(wanted).used == len("@") + len(_handle(posted).partition("@")[0]) + len(" thanks")


async def test_edit_and_delete_own(practice: PracticeNetwork, opened: Opening) -> None:
    channel = await opened(practice.base_url, practice.tokens["agent"])
    since = now()
    sent = await channel.send(operation(Act.POST, text="frist", visibility=Visibility.UNLISTED))
    edit = operation(Act.EDIT, target=sent.remote_id, text="first")
    assert await channel.find_sent(edit, since) is None
    edited = await channel.send(edit)
    assert edited.batch is not None
    assert edited.batch.messages[0].text == "first"
    assert await channel.find_sent(edit, since) is not None
    delete = operation(Act.DELETE, target=sent.remote_id)
    assert await channel.find_sent(delete, since) is None
    await channel.send(delete)
    assert await channel.find_sent(delete, since) is not None
    batch = await channel.refresh((sent.remote_id,))
    assert [found.remote_id for found in batch.deletions] == [sent.remote_id]


async def test_others_posts_are_not_edited(practice: PracticeNetwork, opened: Opening) -> None:
    channel = await opened(practice.base_url, practice.tokens["agent"])
    posted = practice.post("hello")
    with pytest.raises(PermissionDeniedError):
        await channel.send(operation(Act.EDIT, target=posted["id"], text="mine now"))


PAIRS = [
    (Act.FAVOURITE, Act.UNFAVOURITE),
    (Act.BOOST, Act.UNBOOST),
    (Act.MUTE, Act.UNMUTE),
    (Act.BLOCK, Act.UNBLOCK),
]


@pytest.mark.parametrize(("act", "undo"), PAIRS)
async def test_acts_and_their_undoing(practice: PracticeNetwork, opened: Opening, act: Act, undo: Act) -> None:
    channel = await opened(practice.base_url, practice.tokens["agent"])
    posted = practice.post("hello")
    batch = await channel.refresh((posted["id"],))
    about = {"target": posted["id"], "account": batch.messages[0].author.remote_id}
    assert await channel.find_sent(operation(act, **about), now()) is None
    sent = await channel.send(operation(act, **about))
    assert await channel.find_sent(operation(act, **about), now()) is not None
    mark = {Act.FAVOURITE: Mark.FAVOURITED, Act.BOOST: Mark.BOOSTED}.get(act)
    if mark is not None:
        assert sent.batch is not None
        assert mark in sent.batch.messages[0].marks
    undone = await channel.send(operation(undo, **about))
    assert await channel.find_sent(operation(act, **about), now()) is None
    if mark is not None:
        assert undone.batch is not None
        assert mark not in undone.batch.messages[0].marks


async def test_a_report_that_got_no_answer_stays_doubt(practice: PracticeNetwork, opened: Opening) -> None:
    channel = await opened(practice.base_url, practice.tokens["agent"])
    posted = practice.post("spam spam")
    about = {"target": posted["id"], "account": _handle(posted), "options": {"category": "spam", "comment": "look"}}
    await channel.send(operation(Act.REPORT, **about))
    with pytest.raises(AmbiguousError):
        await channel.find_sent(operation(Act.REPORT, **about), now())


async def test_an_author_who_was_never_seen_is_looked_up(practice: PracticeNetwork, opened: Opening) -> None:
    posted = practice.post("hello")
    channel = await opened(practice.base_url, practice.tokens["agent"])
    await channel.send(operation(Act.MUTE, account=_handle(posted)))
    assert await channel.find_sent(operation(Act.MUTE, account=_handle(posted)), now()) is not None
    with pytest.raises(GoneError):
        await channel.send(operation(Act.MUTE, account="nobody@nowhere.example"))


async def test_a_moderator_s_reports(practice: PracticeNetwork, opened: Opening) -> None:
    agent = await opened(practice.base_url, practice.tokens["agent"])
    posted = practice.post("spam spam")
    await agent.send(operation(Act.REPORT, target=posted["id"], account=_handle(posted), options={"category": "spam"}))
    channel = await opened(practice.base_url, practice.tokens["moderator"], sources="reports")
    async with Watch(channel) as watch:
        await watch.until(watch.messages)
    report = watch.messages("reports")[0]
    assert report.kind is Kind.REPORT
    assert report.author.remote_id == _handle(posted).lower()
    assert report.subject == posted["id"]
    for act, undo in ((Act.ASSIGN_REPORT, Act.UNASSIGN_REPORT), (Act.RESOLVE_REPORT, Act.REOPEN_REPORT)):
        assert await channel.find_sent(operation(act, target=report.remote_id), now()) is None
        await channel.send(operation(act, target=report.remote_id))
        assert await channel.find_sent(operation(act, target=report.remote_id), now()) is not None
        await channel.send(operation(undo, target=report.remote_id))
        assert await channel.find_sent(operation(undo, target=report.remote_id), now()) is not None
    resolved = await channel.send(operation(Act.RESOLVE_REPORT, target=report.remote_id))
    assert resolved.batch is not None
    assert resolved.batch.messages[0].marks == (Mark.RESOLVED,)
    assert (await channel.thread(report.remote_id)).messages[0].marks == (Mark.RESOLVED,)


MODERATION = [(plan.act, plan.undone_by) for plan in PLANS if plan.on == "account" and plan.permission and plan.fields]


@pytest.mark.parametrize(("act", "undo"), MODERATION)
async def test_a_moderator_s_acts_on_accounts(
    practice: PracticeNetwork, opened: Opening, act: Act, undo: Act | None
) -> None:
    channel = await opened(practice.base_url, practice.tokens["moderator"])
    about = {"account": _handle(practice.post("hello"))}
    await channel.send(operation(act, **about, options={"text": "please stop"}))
    if undo is None:
        return
    assert await channel.find_sent(operation(act, **about), now()) is not None
    await channel.send(operation(undo, **about))
    assert await channel.find_sent(operation(act, **about), now()) is None
    assert await channel.find_sent(operation(undo, **about), now()) is not None


async def test_what_a_token_does_not_allow_is_disabled_and_refused(practice: PracticeNetwork, opened: Opening) -> None:
    channel = await opened(practice.base_url, practice.tokens["reader"])
    offers = {offer.act: offer for offer in (await channel.open()).capabilities.offers}
    assert not offers[Act.REPLY].available
    assert offers[Act.REPLY].reason is not None
    posted = practice.post("hello")
    with pytest.raises(PermissionDeniedError):
        await channel.send(reply_to(posted))
