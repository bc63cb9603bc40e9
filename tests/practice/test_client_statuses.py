"""Statuses and timelines as Mastodon.py sees them."""

from collections.abc import Callable
from itertools import pairwise

import pytest
from mastodon import Mastodon
from mastodon.errors import MastodonAPIError, MastodonNotFoundError, MastodonUnauthorizedError

from tests.practice.conftest import Connect
from tests.practice_network import PracticeNetwork

CUSTOMER = "ada_test@north.practice.invalid"


def test_answers_a_mention_once_per_key(practice: PracticeNetwork, agent: Mastodon) -> None:
    customer = practice.post("where is my parcel?", acct=CUSTOMER)
    mention = agent.notifications(types=["mention"])[0]
    assert mention.status.id == customer["id"]
    answer = agent.status_post("On its way.", in_reply_to_id=mention.status.id, idempotency_key="one")
    again = agent.status_post("On its way.", in_reply_to_id=mention.status.id, idempotency_key="one")
    assert answer.id == again.id
    assert agent.status_context(mention.status.id).descendants[0].id == answer.id
    line = practice.statistics()["posts"][0]
    assert (line["attempts"], line["created"]) == (2, [answer.id])


def test_a_server_that_ignores_the_key_posts_twice(practices: Callable[..., PracticeNetwork], connect: Connect) -> None:
    network = practices(idempotency=False)
    client = connect(network)
    ids = {client.status_post("twice", idempotency_key="one").id for _ in range(2)}
    assert len(ids) == 2


def test_writes_edits_reads_and_deletes(agent: Mastodon) -> None:
    text = "First\n\nversion #Larkmoor https://practice.invalid/x"
    status = agent.status_post(text, language="en", spoiler_text="cw")
    assert status.content.startswith("<p>First</p><p>version")
    assert [tag.name for tag in status.tags] == ["larkmoor"]
    assert status.sensitive
    edited = agent.status_update(status.id, "Second version", spoiler_text="")
    assert edited.edited_at is not None
    history = agent.status_history(status.id)
    assert ["First" in version.content for version in history] == [True, False]
    assert agent.status_source(status.id).text == "Second version"
    assert agent.status(status.id).content == "<p>Second version</p>"
    assert agent.statuses([status.id, 1])[0].id == status.id
    assert agent.status_delete(status.id).text == "Second version"
    with pytest.raises(MastodonNotFoundError):
        agent.status(status.id)


def test_reactions(practice: PracticeNetwork, agent: Mastodon) -> None:
    theirs = practice.post("lovely tent", acct=CUSTOMER)["id"]
    assert agent.status_favourite(theirs).favourited
    assert agent.favourites()[0].id == theirs
    assert agent.status_favourited_by(theirs)[0].username == "larkmoor_care"
    assert not agent.status_unfavourite(theirs).favourited
    boost = agent.status_reblog(theirs)
    assert boost.reblog.id == theirs
    assert boost.reblog.reblogged
    assert agent.status_reblog(theirs).id == boost.id
    assert agent.status_reblogged_by(theirs)[0].username == "larkmoor_care"
    assert agent.status_unreblog(theirs).reblogs_count == 0
    assert agent.status_bookmark(theirs).bookmarked
    assert agent.bookmarks()[0].id == theirs
    assert not agent.status_unbookmark(theirs).bookmarked
    assert agent.status_mute(theirs).muted
    assert not agent.status_unmute(theirs).muted
    own = agent.status_post("pin me").id
    assert agent.status_pin(own).pinned
    assert agent.account_statuses(agent.me().id, pinned=True)[0].id == own
    assert not agent.status_unpin(own).pinned
    with pytest.raises(MastodonAPIError, match="cannot be pinned"):
        agent.status_pin(theirs)


@pytest.mark.parametrize(
    ("text", "message"), [("x" * 501, "Text character limit of 500 exceeded"), ("  ", "can't be blank")]
)
def test_refuses_what_does_not_fit(agent: Mastodon, text: str, message: str) -> None:
    with pytest.raises(MastodonAPIError, match=message) as caught:
        agent.status_post(text)
    assert caught.value.args[1] == 422


def test_counts_addresses_mentions_and_joined_characters_as_the_api_does(agent: Mastodon) -> None:
    agent.status_post("x" * 476 + " https://practice.invalid/" + "y" * 200)
    agent.status_post("@ada@" + "d" * 60 + ".practice.invalid " + "x" * 490)
    agent.status_post("👨‍👩‍👧‍👦" * 500)
    with pytest.raises(MastodonAPIError):
        agent.status_post("👨‍👩‍👧‍👦" * 501)


def test_refuses_an_answer_to_nothing_and_a_reader_who_writes(
    practice: PracticeNetwork, agent: Mastodon, connect: Connect
) -> None:
    with pytest.raises(MastodonNotFoundError, match="does not appear to exist"):
        agent.status_post("hello", in_reply_to_id=12)
    with pytest.raises(MastodonAPIError, match="outside the authorized scopes") as caught:
        connect(practice, "reader").status_post("hello")
    assert caught.value.args[1] == 403
    agent.access_token = "nobody"
    with pytest.raises(MastodonUnauthorizedError):
        agent.status_post("hello")


def test_direct_messages_stay_between_two(practice: PracticeNetwork, agent: Mastodon, moderator: Mastodon) -> None:
    message = practice.post("between us", acct=CUSTOMER, visibility="direct")
    conversation = agent.conversations()[0]
    assert conversation.last_status.id == message["id"]
    assert conversation.unread
    assert not agent.conversations_read(conversation.id).unread
    assert [account.acct for account in conversation.accounts] == [CUSTOMER]
    assert moderator.conversations() == []
    with pytest.raises(MastodonNotFoundError):
        moderator.status(message["id"])
    assert message["id"] not in {status.id for status in moderator.timeline_public(limit=40)}


def test_pages_without_gap_in_both_directions(practice: PracticeNetwork, agent: Mastodon) -> None:
    ids = [practice.post(f"number {n} #larkmoor", acct=CUSTOMER)["id"] for n in range(45)]
    for read in (agent.timeline_public, lambda **page: agent.timeline_hashtag("larkmoor", **page)):
        first = read(limit=10)
        down = [status.id for status in agent.fetch_remaining(first)]
        assert down == ids[::-1]
        upward: list[str] = []
        last = ids[4]
        while page := read(min_id=last, limit=10):
            upward += [status.id for status in reversed(page)]
            last = page[0].id
        assert upward == ids[5:]
    newest = agent.timeline_public(since_id=ids[4], limit=10)
    assert [status.id for status in newest] == ids[:-11:-1]
    assert all(len(earlier) <= len(later) and earlier < later for earlier, later in pairwise(ids))


def test_timelines_hold_what_belongs_there(practice: PracticeNetwork, agent: Mastodon) -> None:
    remote = practice.post("from afar #tents", acct=CUSTOMER, mention=False)
    local = practice.post("from here #tents #packs", acct="ben_test", mention=False)
    reply = practice.post("an answer", acct="ben_test", mention=False, in_reply_to_id=remote["id"])
    assert [status.id for status in agent.timeline_public()] == [local["id"], remote["id"]]
    assert [status.id for status in agent.timeline_local()] == [local["id"]]
    assert [status.id for status in agent.timeline_public(remote=True)] == [remote["id"]]
    path = "/api/v1/timelines/tag/{}?{}"
    without = practice.request("GET", path.format("tents", "none[]=packs"), practice.tokens["agent"])
    assert [status["id"] for status in without] == [remote["id"]]
    both = practice.request("GET", path.format("tents", "all[]=packs"), practice.tokens["agent"])
    assert [status["id"] for status in both] == [local["id"]]
    either = practice.request("GET", path.format("packs", "any[]=tents"), practice.tokens["agent"])
    assert [status["id"] for status in either] == [local["id"], remote["id"]]
    assert agent.timeline_public(only_media=True) == []
    agent.account_follow(remote["account"]["id"])
    later = practice.post("home now", acct=CUSTOMER, mention=False)
    assert [status.id for status in agent.timeline_home()] == [later["id"]]
    assert agent.status(reply["id"]).in_reply_to_id == remote["id"]


def test_lists(practice: PracticeNetwork, agent: Mastodon) -> None:
    author = practice.post("hello", acct=CUSTOMER)["account"]["id"]
    made = agent.list_create("Regulars")
    with pytest.raises(MastodonNotFoundError):
        agent.list_accounts_add(made.id, [author])
    agent.account_follow(author)
    agent.list_accounts_add(made.id, [author])
    status = practice.post("for the list", acct=CUSTOMER)
    assert [item.id for item in agent.timeline_list(made.id)] == [status["id"]]
    assert [account.id for account in agent.list_accounts(made.id)] == [author]
    assert agent.account_lists(author)[0].title == "Regulars"
    assert agent.list_update(made.id, "Friends").title == "Friends"
    assert [item.title for item in agent.lists()] == ["Friends"]
    assert agent.list(made.id).id == made.id
    agent.list_accounts_delete(made.id, [author])
    agent.list_delete(made.id)
    assert agent.lists() == []


def test_media_with_alt_text(practice: PracticeNetwork, agent: Mastodon) -> None:
    from workstation.practice.pictures import png

    media = agent.media_post(png(40, 30, 7), mime_type="image/png", description="two tones")
    assert media.meta.original.width == 40
    agent.media_update(media.id, description="two tones, striped")
    status = agent.status_post("look", media_ids=[media.id])
    attached = status.media_attachments[0]
    assert attached.description == "two tones, striped"
    picture = agent.session.get(attached.url)
    assert picture.headers["Content-Type"].startswith("image/png")
    assert picture.content == png(40, 30, 7)
    assert agent.session.get(status.account.avatar).content.startswith(b"\x89PNG")
    with pytest.raises(MastodonAPIError, match="content type"):
        agent.media_post(b"%PDF-", mime_type="application/pdf")
