"""Entities to messages, and what becomes of those that are broken."""

import copy
import json
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.connectors.samples import DOMAIN, OWN, account, encoded, mention_of_us, notification, report, status
from workstation.connectors.mastodon import parse
from workstation.connectors.mastodon.directory import SEEN, Directory
from workstation.connectors.mastodon.parse import UNREADABLE, Parser
from workstation.domain.errors import ProtocolChangedError
from workstation.domain.messages import Kind, Mark, MediaKind, Visibility
from workstation.net.plain import CUT, TEXT_CAP


@pytest.fixture
def parser() -> Parser:
    """A parser of an account that has seen nothing yet."""
    return Parser(OWN, DOMAIN, Directory())


def test_a_status(parser: Parser) -> None:
    message = parser.status(encoded(status(5, sensitive=True, favourited=True, spoiler_text="food\n")))
    assert message.remote_id == "5"
    assert message.kind is Kind.POST
    assert message.text == "post 5"
    assert message.created_at == 1_785_648_300_223_000
    assert message.author.remote_id == "anna@far.example"
    assert message.author.name == "Anna"
    assert message.address == "https://far.example/users/anna/statuses/5"
    assert message.spoiler == "food"
    assert message.marks == (Mark.FAVOURITED, Mark.SENSITIVE)
    assert parser.directory.account("anna@far.example") == "200"


def test_local_authors_get_the_server_s_domain(parser: Parser) -> None:
    message = parser.status(encoded(status(account=account(acct="Ben", display_name="", username="Ben"))))
    assert message.author.handle == f"ben@{DOMAIN}"
    assert message.author.name == "Ben"


@pytest.mark.parametrize(
    ("changes", "kind", "visibility"),
    [
        ({"mentions": [mention_of_us()]}, Kind.MENTION, Visibility.PUBLIC),
        ({"mentions": [mention_of_us()], "visibility": "direct"}, Kind.DIRECT, Visibility.DIRECT),
        ({"account": account(id=OWN), "mentions": [mention_of_us()]}, Kind.POST, Visibility.PUBLIC),
        ({"visibility": "private"}, Kind.POST, Visibility.FOLLOWERS),
        ({"visibility": "unlisted"}, Kind.POST, Visibility.UNLISTED),
        ({"visibility": "something new"}, Kind.POST, Visibility.FOLLOWERS),
    ],
)
def test_kind_and_visibility(parser: Parser, changes: dict[str, Any], kind: Kind, visibility: Visibility) -> None:
    message = parser.status(encoded(status(**changes)))
    assert message.kind is kind
    assert message.visibility is visibility


def test_ids_are_opaque(parser: Parser) -> None:
    for number in ("01J9ZQ4X5T0000000000000000", "AVqx7c0Y3mUGj8sHSa", 12):
        assert parser.status(encoded(status(number) | {"id": number})).remote_id == str(number)


def test_what_it_answers_is_named_and_the_branch_left_to_the_store(parser: Parser) -> None:
    answer = parser.status(encoded(status(2, in_reply_to_id="1")))
    assert answer.reply_to == "1"
    assert answer.branch == ""
    assert parser.report(encoded(report())).branch == "report:7"


def test_a_boost_is_the_booster_s_and_about_the_original(parser: Parser) -> None:
    boost = status(10, reblog=status(4), account=account(id="201", acct="ben@far.example"), content="")
    message = parser.status(encoded(boost))
    assert message.kind is Kind.BOOST
    assert message.remote_id == "10"
    assert message.subject == "4"
    assert message.text == "post 4"
    assert message.author.handle == "ben@far.example"
    seen = parser.directory.post("10")
    assert seen is not None
    assert seen.original == "4"


def test_media_polls_and_quotes(parser: Parser) -> None:
    picture = {
        "id": "1",
        "type": "image",
        "url": None,
        "remote_url": "https://far.example/full.png",
        "preview_url": "https://far.example/small.png",
        "description": "a cat\u202e",
        "blurhash": "U1",
        "meta": {"original": {"width": 640, "height": 480.0}, "focus": {"x": 0, "y": 0}},
    }
    found = status(
        media_attachments=[picture, {"id": "2", "type": "unknown", "url": None, "meta": None}],
        poll={"id": "1", "options": [{"title": "yes", "votes_count": 1}, {"title": "no\n!"}]},
        quote={"state": "accepted", "quoted_status": status(3, content="<p>one</p><p>two</p>")},
    )
    message = parser.status(encoded(found))
    media = message.media[0]
    assert (media.kind, media.url, media.alt, media.width, media.height) == (
        MediaKind.IMAGE,
        "https://far.example/full.png",
        "a cat",
        640,
        480,
    )
    assert parser.directory.names("https://far.example/small.png")
    assert not parser.directory.names("https://far.example/full.png")
    assert message.text == "post 1\n\n○ yes\n○ no !\n\n> @anna@far.example:\n> one\n>\n> two"


def test_a_quote_is_not_also_an_address(parser: Parser) -> None:
    inline = '<p class="quote-inline">RE: <a href="https://far.example/@anna/3">far.example</a></p><p>so true</p>'
    quote = {"state": "accepted", "quoted_status": status(3)}
    message = parser.status(encoded(status(content=inline, quote=quote)))
    assert message.text == "so true\n\n> @anna@far.example:\n> post 3"
    assert "RE:" in parser.status(encoded(status(content=inline))).text


def test_a_quote_by_id_only_and_nulls_everywhere(parser: Parser) -> None:
    nulls: dict[str, Any] = {
        "content": None, "uri": None, "url": None, "spoiler_text": None, "visibility": None, "language": None,
        "media_attachments": None, "mentions": None, "sensitive": None, "favourited": None,
    }  # fmt: skip
    quote = {"state": "pending", "quoted_status_id": "3"}
    message = parser.status(encoded(status(quote=quote, **nulls) | {"account": account(display_name=None, bot=None)}))
    assert message.text == ""
    assert message.author.name == "anna"


def test_only_what_must_be_there_must_be_there(parser: Parser) -> None:
    least = {"id": "1", "created_at": "2026-08-02T05:25:00Z", "account": {"id": "1", "acct": "x"}}
    assert parser.status(encoded(least)).author.handle == f"x@{DOMAIN}"


def test_notifications_other_than_mentions_are_no_messages(parser: Parser) -> None:
    assert parser.notification(encoded(notification(1))).message is not None
    for kind in ("favourite", "follow", "admin.sign_up", "something.new", "pleroma:emoji_reaction"):
        assert parser.notification(encoded(notification(1, kind=kind))).message is None


def test_a_report_is_about_whom_it_reports(parser: Parser) -> None:
    message = parser.report(encoded(report()))
    assert message.remote_id == "report:7"
    assert message.kind is Kind.REPORT
    assert message.visibility is Visibility.INTERNAL
    assert message.author.handle == "anna@far.example"
    assert message.text == f"⚑ @ben@{DOMAIN} → @anna@far.example · spam · No spam\n\nalways the same\n\n> post 55"
    assert message.subject == "55"
    assert parser.report(encoded(report(action_taken=True))).marks == (Mark.RESOLVED,)
    broken = parser.report(encoded(report(statuses=[{"id": 1}, 5, None])))
    assert "always the same" in broken.text


BAD: list[Any] = [
    None, [], {}, 5, "x", {"id": "1"}, {"id": None, **{key: value for key, value in status().items() if key != "id"}},
    status(created_at="yesterday"), status(created_at=5), status(created_at=None), status(account=None),
    status(account={}), status(content=5), status(content=["a"]), status(mentions="x"), status(reblog=5),
    status(media_attachments={"a": 1}), status(reblog=status(2, reblog=status(3))),
]  # fmt: skip


@pytest.mark.parametrize("bad", BAD)
def test_a_bad_item_is_a_reject_and_its_neighbours_survive(parser: Parser, bad: Any) -> None:
    page = encoded([status(1), bad, status(3)])
    read, rejects = [], []
    for raw in parse.items(page, "page"):
        try:
            read.append(parser.status(raw).remote_id)
        except UNREADABLE:
            rejects.append(parse.reject(raw, "page"))
    assert read == ["1", "3"]
    assert [(found.code, found.where) for found in rejects] == [("protocol_changed", "page")]
    assert rejects[0].size > 0


@pytest.mark.parametrize("body", [b"", b"{", b"[", b'[{"id"', b"null", b"{}", b"5", b"<html>", b"\xff\xfe", b"[1"])
def test_what_is_no_page_is_an_error(body: bytes) -> None:
    with pytest.raises(ProtocolChangedError):
        parse.items(body, "page")


@pytest.mark.parametrize("depth", [1_000, 100_000])
def test_nesting_is_an_error_not_the_end(parser: Parser, depth: int) -> None:
    deep = "[" * depth + "]" * depth
    body = json.dumps([status(1), status(2), status(3)]).replace('"emojis": []', f'"emojis": {deep}', 1).encode()
    try:
        raws = parse.items(body, "page")
    except ProtocolChangedError:
        return
    read = 0
    for raw in raws:
        try:
            parser.status(raw)
            read += 1
        except UNREADABLE:
            assert parse.reject(raw, "page").size > depth
    assert read >= 2


def test_a_text_of_millions_is_cut(parser: Parser) -> None:
    message = parser.status(encoded(status(content="<p>" + "x" * 3_000_000)))
    assert message.text.endswith(CUT)
    assert len(message.text) <= TEXT_CAP + len(CUT)


def test_the_directory_is_bounded() -> None:
    directory = Directory()
    for index in range(SEEN + 10):
        directory.learn(f"a{index}@x", str(index))
        directory.name(f"https://x.example/{index}")
    assert directory.account("a0@x") == ""
    assert directory.account(f"a{SEEN + 9}@x") == str(SEEN + 9)
    assert not directory.names("https://x.example/0")


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
ENTITY = st.sampled_from(
    [
        status(1, mentions=[mention_of_us()], poll={"id": "1", "options": [{"title": "a"}]}),
        status(2, reblog=status(1), quote={"state": "accepted", "quoted_status": status(3)}),
        notification(1),
        {"id": "1", "unread": True, "accounts": [], "last_status": status(4)},
        report(),
    ]
)


@st.composite
def mutated(draw: st.DrawFn) -> bytes:
    """An entity with some of its values replaced or taken away, at any depth."""
    found = copy.deepcopy(draw(ENTITY))
    for _ in range(draw(st.integers(1, 3))):
        place: Any = found
        while True:
            keys = list(place) if isinstance(place, dict) else list(range(len(place)))
            if not keys:
                break
            key = draw(st.sampled_from(keys))
            inner = place[key]
            if isinstance(inner, dict | list) and inner and draw(st.booleans()):
                place = inner
                continue
            if isinstance(place, dict) and draw(st.booleans()):
                del place[key]
            else:
                place[key] = draw(JSON)
            break
    return msgspec.json.encode(found)


@given(mutated())
def test_any_mutation_is_read_or_refused(data: bytes) -> None:
    parser = Parser(OWN, DOMAIN, Directory())
    for read in (parser.status, parser.notification, parser.conversation, parser.report):
        try:
            read(data)
        except UNREADABLE:
            found = parse.reject(data, "x")
            assert found.size == len(data)


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    parser = Parser(OWN, DOMAIN, Directory())
    try:
        parser.status(data)
    except UNREADABLE:
        assert parse.reject(data, "x").size == len(data)
