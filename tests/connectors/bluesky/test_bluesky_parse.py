"""Views and records to messages: kinds, embeds, labels, quotes, threads; what is broken is a reject."""

import json
from typing import Any

import pytest

from workstation.connectors.bluesky import salvage
from workstation.connectors.bluesky.directory import Directory
from workstation.connectors.bluesky.media import UNREADABLE
from workstation.connectors.bluesky.parse import Parser, iso, micros, page, reject, sort_key
from workstation.domain.errors import ProtocolChangedError
from workstation.domain.messages import IncomingMessage, Kind, Mark, MediaKind

OWN, ALICE, BOB = "did:plc:shop", "did:plc:alice", "did:plc:bob"
POST = "app.bsky.feed.post"


def uri(did: str = ALICE, rkey: str = "3mz2222222222") -> str:
    return f"at://{did}/{POST}/{rkey}"


def profile(did: str = ALICE, **more: Any) -> dict[str, Any]:
    return {"did": did, "handle": f"{did.rpartition(':')[2]}.test", "displayName": "Alice"} | more


def view(text: str = "hello", did: str = ALICE, record: dict[str, Any] | None = None, **more: Any) -> dict[str, Any]:
    value = {"$type": POST, "text": text, "createdAt": "2026-11-22T09:00:00.000Z", "langs": ["de"]} | (record or {})
    found = {"uri": uri(did), "cid": "bafyone", "author": profile(did), "record": value}
    return found | {"indexedAt": "2026-11-22T09:00:01.000Z"} | more


@pytest.fixture
def parser() -> Parser:
    return Parser(OWN, Directory())


def parsed(parser: Parser, found: dict[str, Any]) -> IncomingMessage:
    return parser.post(json.dumps(found).encode())


def test_a_post(parser: Parser) -> None:
    message = parsed(parser, view())
    assert message.remote_id == uri()
    assert message.kind is Kind.POST
    assert message.address == f"https://bsky.app/profile/{ALICE}/post/3mz2222222222"
    assert (message.author.remote_id, message.author.handle, message.author.name) == (ALICE, "alice.test", "Alice")
    assert message.language == "de"
    assert message.created_at == micros("2026-11-22T09:00:00Z")
    assert not message.own


def ref(did: str) -> dict[str, str]:
    return {"uri": uri(did, "3mz3333333333"), "cid": "bafytwo"}


@pytest.mark.parametrize(
    ("record", "kind"),
    [
        ({"reply": {"root": ref(OWN), "parent": ref(BOB)}}, Kind.MENTION),
        ({"reply": {"root": ref(BOB), "parent": ref(OWN)}}, Kind.MENTION),
        ({"reply": {"root": ref(BOB), "parent": ref(BOB)}}, Kind.POST),
        (
            {"facets": [{"index": {"byteStart": 0, "byteEnd": 5}, "features": [{"$type": "x#mention", "did": OWN}]}]},
            Kind.MENTION,
        ),
        ({"embed": {"$type": "app.bsky.embed.record", "record": ref(OWN)}}, Kind.MENTION),
        ({"embed": {"$type": "app.bsky.embed.record", "record": ref(BOB)}}, Kind.POST),
    ],
)
def test_what_is_for_us(parser: Parser, record: dict[str, Any], kind: Kind) -> None:
    assert parsed(parser, view(record=record)).kind is kind
    assert parsed(parser, view(did=OWN, record=record)).kind is Kind.POST


def test_a_post_claims_no_other_author_and_no_other_kind(parser: Parser) -> None:
    for wrong in ({"uri": uri(BOB)}, {"uri": "https://evil.example"}, {"uri": f"at://{ALICE}/app.bsky.feed.like/3m"}):
        with pytest.raises(UNREADABLE):
            parsed(parser, view() | wrong)


def test_times_that_lie_ahead_are_those_of_the_network(parser: Parser) -> None:
    message = parsed(parser, view(record={"createdAt": "2999-01-01T00:00:00Z"}))
    assert message.created_at == micros("2026-11-22T09:00:01Z")
    assert parsed(parser, view(record={"createdAt": "yesterday"})).created_at == micros("2026-11-22T09:00:01Z")
    assert micros(iso(1_795_340_525_123_000)) == 1_795_340_525_123_000


def test_pictures_have_their_words_and_load_nothing(parser: Parser) -> None:
    picture = {"thumb": "https://cdn.bsky.app/t", "fullsize": "https://cdn.bsky.app/f", "alt": "a red dot",
               "aspectRatio": {"width": 640, "height": 480}}  # fmt: skip
    message = parsed(parser, view(embed={"$type": "app.bsky.embed.images#view", "images": [picture] * 2}))
    assert [(item.kind, item.alt, item.width) for item in message.media] == [(MediaKind.IMAGE, "a red dot", 640)] * 2
    assert message.media[0].preview_url == "https://cdn.bsky.app/t"
    bad = picture | {"fullsize": "file:///etc/passwd", "thumb": "javascript:x"}
    assert parsed(parser, view(embed={"$type": "app.bsky.embed.images#view", "images": [bad]})).media == ()


def test_films_and_galleries(parser: Parser) -> None:
    film = {"$type": "app.bsky.embed.video#view", "cid": "b", "playlist": "https://video.bsky.app/p.m3u8",
            "thumbnail": "https://video.bsky.app/t.jpg", "alt": "waves"}  # fmt: skip
    (found,) = parsed(parser, view(embed=film)).media
    assert (found.kind, found.alt, found.preview_url) == (MediaKind.VIDEO, "waves", "https://video.bsky.app/t.jpg")
    item = {"thumbnail": "https://cdn.bsky.app/t", "fullsize": "https://cdn.bsky.app/f", "alt": "x"}
    assert len(parsed(parser, view(embed={"$type": "app.bsky.embed.gallery#view", "items": [item] * 3})).media) == 3


def test_a_record_without_a_view_names_its_pictures_on_the_cdn(parser: Parser) -> None:
    blob = {"$type": "blob", "ref": {"$link": "bafkrei123"}, "mimeType": "image/png", "size": 9}
    record = {"embed": {"$type": "app.bsky.embed.images", "images": [{"alt": "x", "image": blob}]}}
    (found,) = parsed(parser, view(record=record)).media
    assert found.preview_url == f"https://cdn.bsky.app/img/feed_thumbnail/plain/{ALICE}/bafkrei123@jpeg"


def test_a_link_card_is_a_line(parser: Parser) -> None:
    card = {"$type": "app.bsky.embed.external#view", "external": {"uri": "https://a.example/x", "title": "A\nthing"}}
    assert parsed(parser, view(embed=card)).text == "hello\n\nA thing (https://a.example/x)"
    assert parsed(parser, view("see https://a.example/x", embed=card)).text == "see https://a.example/x\n\nA thing"


def quote(**more: Any) -> dict[str, Any]:
    record = {"$type": "app.bsky.embed.record#viewRecord", "uri": uri(BOB), "author": profile(BOB),
              "value": {"$type": POST, "text": "first\nsecond"}}  # fmt: skip
    return {"$type": "app.bsky.embed.record#view", "record": record | more}


def test_quotes_are_quoted_lines(parser: Parser) -> None:
    assert parsed(parser, view(embed=quote())).text == "hello\n\n> @bob.test:\n> first\n> second"
    pictures = [{"thumb": "https://c.example/t", "fullsize": "https://c.example/f", "alt": ""}]
    both = {
        "$type": "app.bsky.embed.recordWithMedia#view",
        "record": quote(),
        "media": {"$type": "app.bsky.embed.images#view", "images": pictures},
    }
    message = parsed(parser, view(embed=both))
    assert message.text.endswith("> second")
    assert len(message.media) == 1


@pytest.mark.parametrize("kind", ["viewNotFound", "viewBlocked", "viewDetached"])
def test_what_is_quoted_and_not_shown_has_its_address(parser: Parser, kind: str) -> None:
    gone = {
        "$type": "app.bsky.embed.record#view",
        "record": {"$type": f"app.bsky.embed.record#{kind}", "uri": uri(BOB)},
    }
    assert parsed(parser, view(embed=gone)).text == f"hello\n\n> https://bsky.app/profile/{BOB}/post/3mz2222222222"


def test_a_quoted_feed_has_its_name(parser: Parser) -> None:
    feed = {"$type": "app.bsky.feed.defs#generatorView", "uri": f"at://{BOB}/app.bsky.feed.generator/hot",
            "displayName": "Hot", "creator": profile(BOB)}  # fmt: skip
    assert parsed(parser, view(embed={"$type": "app.bsky.embed.record#view", "record": feed})).text == "hello\n\n> Hot"


def test_labels_are_marks(parser: Parser) -> None:
    labelled = view(labels=[{"val": "porn", "src": BOB}, {"val": "!hide", "src": BOB}, {"val": "gore", "neg": True}])
    assert set(parsed(parser, labelled).marks) == {Mark.SENSITIVE, Mark.HIDDEN}
    assert parsed(parser, view(labels=[{"val": "gore"}, {"val": "gore", "neg": True}])).marks == ()
    own = {"labels": {"$type": "com.atproto.label.defs#selfLabels", "values": [{"val": "nudity"}]}}
    assert parsed(parser, view(record=own)).marks == (Mark.SENSITIVE,)


def test_our_reactions_and_hidden_answers_are_marks(parser: Parser) -> None:
    reacted = view(
        viewer={"like": f"at://{OWN}/app.bsky.feed.like/3m", "repost": f"at://{OWN}/app.bsky.feed.repost/3m"}
    )
    assert set(parsed(parser, reacted).marks) == {Mark.FAVOURITED, Mark.BOOSTED}
    gate = {"uri": "at://x", "record": {"post": uri(OWN), "hiddenReplies": [uri(ALICE)]}}
    parsed(parser, view(did=OWN, threadgate=gate))
    assert parsed(parser, view()).marks == (Mark.HIDDEN,)
    parsed(parser, view(did=BOB, threadgate=gate | {"record": {"hiddenReplies": [uri(BOB)]}}))
    assert parsed(parser, view(did=BOB)).marks == ()  # what others hide in their threads is theirs


def test_handles_to_name_are_those_that_are_written(parser: Parser) -> None:
    said = "@bob.test and @shop.test"
    facets = [
        {"index": {"byteStart": 0, "byteEnd": 9}, "features": [{"$type": "x#mention", "did": BOB}]},
        {"index": {"byteStart": 14, "byteEnd": 24}, "features": [{"$type": "x#mention", "did": OWN}]},
        {"index": {"byteStart": "no"}, "features": 3},
    ]
    assert parsed(parser, view(said, record={"facets": facets})).mentions == ("bob.test",)


def test_an_invalid_handle_is_shown_as_the_did(parser: Parser) -> None:
    assert parsed(parser, view(author=profile(handle="handle.invalid", displayName=""))).author.handle == ALICE


def test_reposts_are_boosts_with_an_address_of_their_own(parser: Parser) -> None:
    reason = {"$type": "app.bsky.feed.defs#reasonRepost", "by": profile(BOB), "indexedAt": "2026-11-22T10:00:00Z",
              "uri": f"at://{BOB}/app.bsky.feed.repost/3mz4444444444"}  # fmt: skip
    boost = parser.feed_item(json.dumps({"post": view(), "reason": reason}).encode())
    assert (boost.kind, boost.remote_id, boost.subject) == (Kind.BOOST, reason["uri"], uri())
    assert boost.author.remote_id == BOB
    older = parser.feed_item(json.dumps({"post": view(), "reason": reason | {"uri": ""}}).encode())
    assert older.remote_id == f"{uri()}#{BOB}"
    pinned = {"post": view(), "reason": {"$type": "app.bsky.feed.defs#reasonPin"}}
    assert parser.feed_item(json.dumps(pinned).encode()).kind is Kind.POST


@pytest.mark.parametrize("reason", ["like", "repost", "follow", "starterpack-joined", "verified", "something-new"])
def test_other_notifications_are_not_for_the_desk(parser: Parser, reason: str) -> None:
    found = {"uri": f"at://{BOB}/x.y.z/3m", "author": profile(BOB), "reason": reason, "record": {"$type": "x.y.z"}}
    assert parser.notification(json.dumps(found).encode()) == (reason, None)


def test_pages_that_nest_too_deep_are_taken_apart() -> None:
    deep = "[" * 100_000 + "]" * 100_000
    body = f'{{"cursor": "a\\"b", "posts": [{{"uri": "at://a"}}, {{"x": {deep}}}, {{"uri": "]}}"}}], "z": 1}}'.encode()
    with pytest.raises(ProtocolChangedError):
        page(body, "test")
    found = salvage.items(body)
    assert found is not None
    assert found[0][0] == b'{"uri": "at://a"}'
    assert found[0][2] == b'{"uri": "]}"}'
    assert len(found[0]) == 3
    assert salvage.items(body[:-30]) is None
    assert salvage.items(b'{"posts": []}') == ([], "")


def test_rejects_name_what_they_can() -> None:
    found = reject(b'{"uri": "at://did:plc:x/app.bsky.feed.post/3m", "text": 4}', "post")
    assert (found.code, found.remote_id) == ("protocol_changed", "at://did:plc:x/app.bsky.feed.post/3m")


def test_an_item_is_recognised_by_post_and_reason() -> None:
    item = json.dumps({"post": {"uri": uri(), "indexedAt": "2026-11-22T09:00:01Z"}}).encode()
    assert sort_key(item) == (f"{uri()}|", micros("2026-11-22T09:00:01Z"))
    note = json.dumps({"uri": uri(), "reason": "reply", "indexedAt": "2026-11-22T09:00:02Z"}).encode()
    assert sort_key(note) == (f"{uri()}|reply", micros("2026-11-22T09:00:02Z"))
