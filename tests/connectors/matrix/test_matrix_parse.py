"""Events of strangers to messages: everything counted, nothing raised, nothing that harms."""

import json

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workstation.connectors.matrix import names, text, unpack
from workstation.connectors.matrix.measure import TEXT_CAP, measure, used
from workstation.connectors.matrix.parse import About, Item, Memory, Parser
from workstation.connectors.matrix.position import Gap, Position, position
from workstation.connectors.matrix.rooms import Room
from workstation.connectors.matrix.session import software
from workstation.connectors.matrix.sweep import batch
from workstation.domain.errors import ConfigurationError, ProtocolChangedError
from workstation.domain.messages import Cursor, Deletion, IncomingMessage, Kind, Mark, MediaKind, Reject, Visibility
from workstation.domain.outbox import Act, Operation
from workstation.net.plain import TEXT_CAP as LETTERS

OWN, ANNA, BEN = "@shop:home.example", "@anna:home.example", "@ben:far.example"
NOW = 1_790_000_000_000_000
QUOTE = "<mx-reply><blockquote><a href='https://matrix.to/#/!r/$1'>In reply to</a> x<br>where?</blockquote></mx-reply>"


def _room(*people: str, rule: str = "invite") -> Room:
    room = Room("!r:home.example", OWN)
    for user in (OWN, *people):
        room.learn("m.room.member", user, {"membership": "join", "displayname": user[1:4].title()})
    room.learn("m.room.join_rules", "", {"join_rule": rule})
    return room


GROUP, PAIR = _room(ANNA, BEN), _room(ANNA)


def _event(content: object, kind: str = "m.room.message", sender: str = ANNA, **more: object) -> dict[str, object]:
    return {
        "type": kind,
        "event_id": "$one",
        "sender": sender,
        "origin_server_ts": NOW // 1_000 - 5_000,
        "content": content,
        **more,
    }


def _item(found: object, room: Room = GROUP, memory: Memory | None = None, *, everything: bool = False) -> Item:
    return Parser(OWN, memory or Memory(), everything=everything).item(found, room, NOW)


def _message(content: object, room: Room = GROUP, **more: object) -> IncomingMessage:
    found = _item(_event(content, **more), room)  # type: ignore[arg-type]
    assert isinstance(found, IncomingMessage), found
    return found


def _text(body: str, **more: object) -> dict[str, object]:
    return {"msgtype": "m.text", "body": body, **more}


def _html(html: str, body: str = "plain") -> dict[str, object]:
    return _text(body, format="org.matrix.custom.html", formatted_body=html)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (_text("hello"), "hello"),
        (_html("<p>one</p><ul><li>two</li></ul>"), "one\n\n• two"),
        (_html("see <a href='https://a.example/x'>this</a>"), "see this (https://a.example/x)"),
        (_html("<a href='https://matrix.to/#/@ben:far.example'>Ben</a>: hi"), "@Ben: hi"),
        (_html("<a href='https://matrix.to/#/%40ben%3Afar.example?via=x'></a> hi"), "@ben:far.example hi"),
        (_html("in <a href='https://matrix.to/#/#help:far.example'>#help</a>"), "in #help"),
        (_html("<script>x()</script>", "for all"), "for all"),
        (_html(QUOTE + "there", "> <@anna:home.example> where?\n\nthere"), "> <@anna:home.example> where?\n\nthere"),
        (_html(QUOTE + "there", "there"), "> In reply to x\n> where?\n\nthere"),
        (_text("> <@anna:home.example> where?\n> now\n\nthere"), "> <@anna:home.example> where?\n> now\n\nthere"),
        ({"msgtype": "m.emote", "body": "waves"}, "* Ann waves"),
        ({"msgtype": "m.location", "body": "the shop", "geo_uri": "geo:1,2"}, "the shop\ngeo:1,2"),
        ({"msgtype": "org.example.new", "body": "still words"}, "still words"),
        (_text("abc\u202edef\u0000"), "abcdef"),
    ],
)
def test_what_is_said(content: dict[str, object], said: str) -> None:
    assert _message(content).text == said


def test_an_unclosed_quote_costs_no_time() -> None:
    assert _message(_html("<mx-reply>" * 40_000 + "words")).text in {"words", "plain"}


def test_ten_megabytes_are_cut() -> None:
    assert len(_message(_text("x" * 10_000_000)).text) <= LETTERS + 10


@pytest.mark.parametrize("kind", ["m.poll.start", "org.matrix.msc3381.poll.start"])
def test_a_poll_is_its_question_and_choices(kind: str) -> None:
    start = {
        "question": {"org.matrix.msc1767.text": "Tea?"},
        "answers": [{"m.text": [{"body": "yes"}]}, {"m.text": "no"}, 7],
    }
    key = "m.poll" if kind == "m.poll.start" else kind
    assert _message({key: start}, kind=kind).text == "Tea?\n○ yes\n○ no"


def test_a_notice_is_automatic() -> None:
    found = _message({"msgtype": "m.notice", "body": "beep"})
    assert found.marks == (Mark.AUTOMATIC,)
    assert found.author.bot


def test_files() -> None:
    info = {"w": 10, "h": -4, "size": 99, "thumbnail_url": "mxc://far.example/small"}
    image = {"msgtype": "m.image", "body": "my cat", "filename": "cat.png", "url": "mxc://far.example/abc"}
    found = _message(image | {"info": info})
    (media,) = found.media
    assert (media.kind, media.url, media.preview_url) == (
        MediaKind.IMAGE, "mxc://far.example/abc", "mxc://far.example/small",
    )  # fmt: skip
    assert (media.name, media.alt, media.width, media.height, media.size) == ("cat.png", "my cat", 10, 0, 99)
    assert found.text == "my cat"
    other = _message({"msgtype": "m.file", "body": "bill.pdf", "url": "https://evil.example/x"})
    assert (other.media, other.text) == ((), "bill.pdf")
    sticker = _message({"body": "hug", "url": "mxc://far.example/s"}, kind="m.sticker")
    assert (sticker.text, sticker.media[0].kind) == ("hug", MediaKind.IMAGE)


def test_an_encrypted_message_says_so() -> None:
    sealed = {"algorithm": "m.megolm.v1.aes-sha2", "ciphertext": "xyz"}
    found = _message(sealed, kind="m.room.encrypted")
    assert found.marks == (Mark.ENCRYPTED,)
    assert found.text == ""  # what the desk says of it is said where it is shown, in the reader's language
    relation = {"m.relates_to": {"rel_type": "m.replace", "event_id": "$zero"}}
    assert _item(_event(sealed | relation, "m.room.encrypted")) is None


@pytest.mark.parametrize(
    ("content", "room", "kind"),
    [
        (_text("hi"), PAIR, Kind.DIRECT),
        (_text("hi"), GROUP, Kind.POST),
        (_text("hi", **{"m.mentions": {"user_ids": [OWN]}}), GROUP, Kind.MENTION),
        (_text("hi @shop", **{"m.mentions": {}}), GROUP, Kind.POST),
        (_text("hi @shop!"), GROUP, Kind.MENTION),
        (_text("hi @shop:home.example"), GROUP, Kind.MENTION),
        (_text("hi @shop:far.example"), GROUP, Kind.POST),
        (_text("hi @shopping"), GROUP, Kind.POST),
        (_text("> <@anna:home.example> @shop hi\n\nyes"), GROUP, Kind.POST),
        (_html(f"<a href='https://matrix.to/#/{OWN}'>Shop</a>"), GROUP, Kind.MENTION),
        (
            _text("> <@shop:home.example> x\n\nno", **{"m.relates_to": {"m.in_reply_to": {"event_id": "$0"}}}),
            GROUP,
            Kind.MENTION,
        ),
    ],
)
def test_what_opens_a_case(content: dict[str, object], room: Room, kind: Kind) -> None:
    assert _message(content, room).kind is kind


def test_everything_opens_cases_where_that_is_wanted() -> None:
    found = _item(_event(_text("hi")), everything=True)
    assert isinstance(found, IncomingMessage)
    assert found.kind is Kind.COMMENT


def test_an_answer_to_ours_is_for_us() -> None:
    memory = Memory()
    _item(_event(_text("ours"), sender=OWN, event_id="$ours"), memory=memory)
    for relation in (
        {"m.in_reply_to": {"event_id": "$ours"}},
        {"rel_type": "m.thread", "event_id": "$ours", "is_falling_back": True},
    ):
        found = _item(_event(_text("thanks", **{"m.mentions": {}, "m.relates_to": relation})), memory=memory)
        assert isinstance(found, IncomingMessage)
        assert found.kind is Kind.MENTION
        assert found.reply_to == "$ours"


def test_branches() -> None:
    thread = {"rel_type": "m.thread", "event_id": "$root", "m.in_reply_to": {"event_id": "$other"}}
    found = _message(_text("x", **{"m.relates_to": thread}))
    assert (found.branch, found.reply_to) == ("$root", "$other")
    first, second = _message(_text("x")), _message(_text("y"), event_id="$two")
    assert first.branch == second.branch != _message(_text("z"), sender=BEN).branch
    assert ANNA not in first.branch
    assert _message(_text("x"), PAIR).branch == PAIR.id
    assert _message(_text("x"), sender=OWN).branch == ""


@pytest.mark.parametrize(
    ("room", "seen"),
    [
        (PAIR, Visibility.DIRECT),
        (GROUP, Visibility.FOLLOWERS),
        (_room(ANNA, BEN, rule="public"), Visibility.PUBLIC),
        (_room(ANNA, rule="public"), Visibility.PUBLIC),
    ],
)
def test_who_sees_it(room: Room, seen: Visibility) -> None:
    assert _message(_text("x"), room).visibility is seen


def test_ours_in_a_conversation_of_two_names_the_other() -> None:
    found = _message(_text("x"), PAIR, sender=OWN, unsigned={"transaction_id": "abc"})
    assert (found.own, found.mentions, found.operation) == (True, ("anna:home.example",), "abc")


def test_edits_redactions_and_reactions() -> None:
    memory = Memory()
    base = _item(_event(_text("befor")), memory=memory)
    new = {"m.new_content": _text("before"), "m.relates_to": {"rel_type": "m.replace", "event_id": "$one"}}
    about = _item(_event(_text("* before") | new, event_id="$edit"), memory=memory)
    assert isinstance(about, About)
    assert isinstance(base, IncomingMessage)
    parser = Parser(OWN, memory)
    edited = parser.edited(base, about, "Ann")
    assert edited is not None
    assert (edited.remote_id, edited.text, edited.edited_at) == ("$one", "before", about.at)
    assert parser.edited(base, msgspec.structs.replace(about, sender=BEN), "Ben") is None
    gone = _item(_event({}, "m.room.redaction", redacts="$one"), memory=memory)
    assert gone == Deletion("$one", NOW - 5_000_000)
    assert isinstance(_item(_event({"redacts": "$edit"}, "m.room.redaction"), memory=memory), About)
    like = {"m.relates_to": {"rel_type": "m.annotation", "event_id": "$one", "key": "👍"}}
    assert _item(_event(like, "m.reaction")) is None
    assert isinstance(_item(_event(like, "m.reaction", sender=OWN)), About)


def test_what_the_server_bundles() -> None:
    edit = _event(_text("* x") | {"m.new_content": _text("new")}, event_id="$edit")
    found = _message(_text("old"), unsigned={"m.relations": {"m.replace": edit}})
    assert (found.text, found.edited_at) == ("new", NOW - 5_000_000)
    forged = edit | {"sender": BEN}
    assert _message(_text("old"), unsigned={"m.relations": {"m.replace": forged}}).text == "old"
    because = {"redacted_because": {"origin_server_ts": NOW // 1_000 - 1_000}}
    assert _item(_event({}, unsigned=because)) == Deletion("$one", NOW - 1_000_000)
    assert _item(_event({})) == Deletion("$one", NOW)


@pytest.mark.parametrize(
    "found",
    [
        7,
        None,
        [],
        {},
        _event(["no"]),
        _event(_text("x"), event_id=7),
        _event(_text("x"), event_id="one"),
        _event(_text("x"), event_id="$" + "x" * 300),
        _event(_text("x"), event_id="$a\ud800"),
        _event(_text("x"), event_id="$a\x00b"),
        _event(_text("x"), sender="anna"),
        _event({"msgtype": "m.text"}),
        _event({"msgtype": "m.text", "body": 7}),
        _event({"m.relates_to": {"rel_type": "m.replace"}}),
        _event({}, "m.room.redaction"),
    ],
)
def test_what_cannot_be_read_is_told(found: object) -> None:
    assert isinstance(_item(found), Reject)


@pytest.mark.parametrize("at", [-5, 0, 1 << 60, "soon", None, True, 1e300, NOW // 1_000 + 10_000_000])
def test_no_time_lies_ahead_or_before_all_time(at: object) -> None:
    assert _message(_text("x"), origin_server_ts=at).created_at == NOW


def test_ids_with_odd_characters() -> None:
    odd = "$a/b?c#d%e+f=ü"
    assert _message(_text("x"), event_id=odd).remote_id == odd
    assert names.part(odd) == "%24a%2Fb%3Fc%23d%25e%2Bf%3D%C3%BC"


def test_the_room_itself() -> None:
    sealed = _item(_event({"algorithm": "x"}, "m.room.encryption", state_key=""))
    moved = _item(_event({"replacement_room": "!n", "body": "come"}, "m.room.tombstone", state_key=""))
    out = _item(_event({"membership": "ban", "reason": "spam"}, "m.room.member", state_key=OWN))
    for found, said, mark in ((sealed, "", Mark.SEALED), (moved, "come", Mark.MOVED), (out, "spam", Mark.BANNED)):
        assert isinstance(found, IncomingMessage)
        assert (found.kind, found.text, found.marks) == (Kind.POST, said, (Mark.AUTOMATIC, mark))
    assert _item(_event({"membership": "leave"}, "m.room.member", state_key=BEN)) is None
    assert _item(_event({"name": "x"}, "m.room.name", state_key="")) is None


def test_power() -> None:
    room = _room(ANNA)
    assert not room.may("redact")
    assert room.may("m.room.message")
    room.learn("m.room.power_levels", "", {"users": {OWN: 50}, "kick": 60, "events": {"m.room.message": 10}})
    assert (room.may("redact"), room.may("ban"), room.may("kick")) == (True, True, False)
    room.learn("m.room.create", "", {"room_version": "12"}, OWN)
    assert room.may("kick")
    room.learn("m.room.power_levels", "", {"users": "odd", "kick": "odd", "users_default": None})
    assert room.may("kick")


PUT_INTO_WORDS = {Mark.ENCRYPTED, Mark.SEALED, Mark.MOVED, Mark.LEFT, Mark.BANNED}
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
KEYS = st.sampled_from(
    ["type", "event_id", "sender", "content", "unsigned", "state_key", "origin_server_ts", "redacts", "prev_content"]
)
CONTENT_KEYS = st.sampled_from(
    [
        "msgtype",
        "body",
        "format",
        "formatted_body",
        "m.relates_to",
        "m.new_content",
        "m.mentions",
        "url",
        "info",
        "m.poll",
    ]
)
TYPES = st.sampled_from(
    [
        "m.room.message",
        "m.room.encrypted",
        "m.sticker",
        "m.reaction",
        "m.room.redaction",
        "m.poll.start",
        "m.room.member",
    ]
)


@given(
    st.dictionaries(KEYS, JSON)
    | st.fixed_dictionaries(
        {
            "type": TYPES,
            "event_id": st.just("$x") | JSON,
            "sender": st.sampled_from([ANNA, OWN]) | JSON,
            "content": st.dictionaries(CONTENT_KEYS, JSON | st.sampled_from(["m.text", "m.image", "m.file"])),
        },
        optional={"unsigned": JSON, "state_key": JSON, "origin_server_ts": JSON},
    )
)
def test_any_event_is_one_item(found: dict[str, object]) -> None:
    memory = Memory()
    item = _item(found, memory=memory)
    if isinstance(item, About):
        item = None
    counted = batch("room:x", [item])
    assert counted.received == 1
    for message in counted.messages:
        json.dumps(message.text).encode()
        message.text.encode()
        assert message.text or message.media or set(message.marks) & PUT_INTO_WORDS
        assert message.created_at > 0


@given(st.dictionaries(CONTENT_KEYS, st.text() | JSON))
def test_any_content_has_a_text(content: dict[str, object]) -> None:
    text.body(content)
    text.poll(content)
    text.media(content, MediaKind.OTHER)


@given(st.lists(st.dictionaries(st.text(max_size=20), JSON, max_size=5), max_size=6))
def test_any_state_is_learnt_or_left(contents: list[dict[str, object]]) -> None:
    room = Room("!r", OWN)
    kinds = ("create", "name", "canonical_alias", "join_rules", "power_levels", "tombstone", "member")
    for content in contents:
        for kind in kinds:
            room.learn(f"m.room.{kind}", ANNA, content)
        room.summarise(content)
    assert room.title
    room.may("ban")
    assert room.visibility in Visibility


def test_deep_nesting_is_cut_out_and_its_neighbours_stay() -> None:
    deep = b"[" * 100_000 + b"]" * 100_000
    found = unpack.decoded(b'{"a": {"b": ' + deep + b', "c": "]}"}, "d": 1}', "x")
    assert unpack.text(found["a"], "c") == "]}"
    assert found["d"] == 1


@pytest.mark.parametrize("body", [b"", b"[]", b"7", b"{", b'{"a": ', b"<html>", b"\xff\xfe", b"[" * 100_000])
def test_what_is_no_object_is_said(body: bytes) -> None:
    with pytest.raises(ProtocolChangedError):
        unpack.decoded(body, "x")


def test_a_text_that_never_ends_is_read_once() -> None:
    """It took minutes: the time limit of the suite is what would tell."""
    body = b'{"a": "' + b'\\"' * 400_000
    assert unpack.pruned(body) == body
    assert unpack.pruned(b'{"a": "x\\"[", "b": [[[1]]]}', 2) == b'{"a": "x\\"[", "b": [null]}'


def test_half_a_surrogate_pair_spoils_nothing() -> None:
    found = unpack.decoded(b'{"a": "x\\ud800y", "b": 1e999}', "x")
    assert _message(_text(unpack.text(found, "a"))).text == "xy"
    assert unpack.number(found, "b") == 0


@given(st.lists(st.text("!$ab", min_size=1), max_size=3), st.text("sab1"))
def test_a_position_is_stored_and_read(rooms: list[str], since: str) -> None:
    given_ = Position(since, tuple(Gap(room, "t1", "s0") for room in rooms), tuple(rooms))
    assert position(given_.cursor) == given_


@pytest.mark.parametrize("cursor", [None, Cursor(2, "{}"), Cursor(1, "nonsense"), Cursor(1, "[]")])
def test_a_position_that_cannot_be_read_is_the_beginning(cursor: Cursor | None) -> None:
    assert position(cursor) == Position()


@given(st.text())
def test_length_is_bytes_of_json(said: str) -> None:
    clean = said.encode("utf-8", "replace").decode()
    assert used(said) == len(json.dumps(clean, ensure_ascii=False).encode()) - 2 or "\x7f" in said


def test_an_edit_is_said_twice() -> None:
    edit, reply = Operation("a", Act.EDIT, text="abc"), Operation("a", Act.REPLY, text="abc")
    assert (measure(edit).used, measure(reply).used, measure(reply).limit) == (6, 3, TEXT_CAP)


@pytest.mark.parametrize(
    ("typed", "base"),
    [
        ("matrix.example", "https://matrix.example"),
        ("https://matrix.example/", "https://matrix.example"),
        ("http://127.0.0.1:8008", "http://127.0.0.1:8008"),
        ("https://a.example/sub/_matrix/client", "https://a.example/sub"),
        ("[::1]:8", "https://[::1]:8"),
    ],
)
def test_a_server_as_typed(typed: str, base: str) -> None:
    assert names.base_address(typed) == base


@pytest.mark.parametrize("typed", ["", "ftp://a", "https://", "https://u@a", "https://a b", "https://a:x"])
def test_no_server(typed: str) -> None:
    with pytest.raises(ConfigurationError):
        names.base_address(typed)


@pytest.mark.parametrize(
    ("typed", "is_ours"),
    [("", True), ("shop", True), ("@shop", True), ("@shop:home.example", True), ("shop:home.example", True),
     ("anna", False), ("@shop:far.example", False)],
)  # fmt: skip
def test_a_user_as_typed(typed: str, is_ours: bool) -> None:
    assert names.is_user(names.wanted_user(typed), OWN) is is_ours


@pytest.mark.parametrize(
    ("told", "versions", "said"),
    [
        ("Synapse/1.163.2", ["v1.1"], "Synapse/1.163.2"),
        ("nginx", ["r0.6.1", "v1.9", "v1.11", "vx", "v1.x"], "Matrix 1.11"),
        ("", [], "Matrix"),
    ],
)
def test_what_a_server_is(told: str, versions: list[str], said: str) -> None:
    assert software(told, versions) == said
