"""What a server sends, cut anywhere and meant badly: framing, values, meanings, names."""

from contextlib import suppress
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workstation.connectors.email.imap.answers import (
    Data,
    GoOn,
    Status,
    fetched,
    ranges,
    response,
    uid_set,
    uids,
    words,
)
from workstation.connectors.email.imap.framing import Frame, Framer
from workstation.connectors.email.imap.refusals import refused, sign_in_refused
from workstation.connectors.email.imap.searches import searched
from workstation.connectors.email.imap.structure import leaves, parts
from workstation.connectors.email.imap.tokens import Tokens, Value
from workstation.connectors.email.imap.words import (
    Literal,
    command,
    date,
    date_time,
    decoded_name,
    encoded_name,
    moment,
    string,
)
from workstation.domain.errors import (
    AuthExpiredError,
    ChannelError,
    GoneError,
    InvalidError,
    ProtocolChangedError,
    TransientError,
)

ATOMS = st.from_regex(r"[A-Za-z0-9\\$][A-Za-z0-9.\-]{0,10}", fullmatch=True).filter(lambda word: word.upper() != "NIL")
VALUES = st.recursive(
    st.one_of(st.none(), ATOMS, st.binary(max_size=30)), lambda inner: st.lists(inner, max_size=5), max_leaves=20
)


def written(value: Value) -> bytes:
    """A value as a server writes it."""
    if value is None:
        return b"NIL"
    if isinstance(value, str):
        return value.encode()
    if isinstance(value, bytes):
        if len(value) % 2 and not set(value) & set(b"\r\n\0"):
            return b'"' + value.replace(b"\\", b"\\\\").replace(b'"', b'\\"') + b'"'
        return b"{%d}\r\n" % len(value) + value
    return b"(" + b" ".join(map(written, value)) + b")"


def frames(data: bytes, cuts: list[int] | None = None) -> list[Frame]:
    """What a framer makes of bytes that come in pieces."""
    framer = Framer()
    places = sorted({0, len(data), *(cut % (len(data) + 1) for cut in cuts or ())})
    return [frame for low, high in pairwise(places) for frame in framer.feed(data[low:high])]


@given(st.lists(VALUES, min_size=1, max_size=5), st.lists(st.integers(0, 10_000), max_size=8))
def test_values_survive_the_wire_however_it_is_cut(values: list[Value], cuts: list[int]) -> None:
    data = b"* DATA " + b" ".join(map(written, values)) + b"\r\n* 3 EXISTS\r\n"
    first, second = frames(data, cuts)
    told = response(first)
    assert isinstance(told, Data)
    assert told.values == values
    assert response(second) == Data("EXISTS", 3, [])


@given(st.binary(max_size=200), st.lists(st.integers(0, 300), max_size=5))
def test_any_bytes_are_responses_or_a_typed_error(data: bytes, cuts: list[int]) -> None:
    with suppress(ProtocolChangedError):
        for frame in frames(data + b"\r\n", cuts):
            response(frame)


@given(st.lists(st.sampled_from([b"(", b")", b'"', b"{3}\r\n", b"abc", b" ", b"[", b"]", b"NIL", b"\\", b"<0>"])))
def test_brackets_that_do_not_match_are_a_typed_error(pieces: list[bytes]) -> None:
    for frame in frames(b"* 1 FETCH " + b"".join(pieces) + b"\r\n"):
        with suppress(ProtocolChangedError):
            fetched(Data("FETCH", 1, Tokens(frame, 10).values()))


def test_caps_hold() -> None:
    with pytest.raises(ProtocolChangedError):
        list(Framer(line_cap=100).feed(b"* " + b"x" * 200))
    with pytest.raises(ProtocolChangedError):
        list(Framer(literal_cap=100).feed(b"* 1 FETCH (BODY[] {101}\r\n"))
    with pytest.raises(ProtocolChangedError):
        list(Framer().feed(b"* X " + b"{0}\r\n" * 5_000))
    with pytest.raises(ProtocolChangedError):
        Tokens((b"(" * 5_000,)).values()


def test_statuses_and_their_codes() -> None:
    assert response((b"* OK [UIDVALIDITY 7] fine",)) == Status("*", "OK", "UIDVALIDITY", "7", "fine")
    assert response((b"m1 NO [AUTHENTICATIONFAILED] no",)) == Status("m1", "NO", "AUTHENTICATIONFAILED", "", "no")
    assert response((b"* BYE",)) == Status("*", "BYE")
    assert response((b"+ ",)) == GoOn(b"")
    assert frames(b"* OK text that ends in {5}\r\n* BYE\r\n") == [(b"* OK text that ends in {5}",), (b"* BYE",)]


def test_sections_are_names_of_items() -> None:
    (frame,) = frames(b"* 1 FETCH (UID 9 BODY[HEADER.FIELDS (MESSAGE-ID)]<0> {2}\r\nab FLAGS (\\Seen $Junk))\r\n")
    told = response(frame)
    assert isinstance(told, Data)
    items = fetched(told)
    assert items["BODY[HEADER.FIELDS (MESSAGE-ID)]<0>"] == b"ab"
    assert words(items["FLAGS"]) == ("\\Seen", "$Junk")


@given(st.sets(st.integers(1, 5_000), max_size=200))
def test_sets_of_numbers(numbers: set[int]) -> None:
    assert uids(uid_set(numbers)) == sorted(numbers)


def test_sets_that_mean_harm_are_capped() -> None:
    assert len(uids("1:4000000000", 1_000)) == 1_000
    assert uids("x,5,7:6,,0") == [5, 6, 7]
    assert ranges("9:3,5") == [(3, 9), (5, 5)]


def test_searches_in_both_forms() -> None:
    assert searched([Data("SEARCH", 0, ["5", "3", "3"])]) == [3, 5]
    assert searched([Data("ESEARCH", 0, [["TAG", b"m1"], "UID", "ALL", "2:3,9"])]) == [2, 3, 9]
    assert searched([Data("ESEARCH", 0, [["TAG", b"m1"], "UID"])]) == []
    assert searched([Data("ESEARCH", 0, ["UID", "ALL"])]) == []


def test_the_parts_of_a_mail_have_their_numbers() -> None:
    text = b'("TEXT" "PLAIN" ("CHARSET" "utf-8") NIL NIL "7BIT" 10 1 NIL NIL NIL)'
    html = b'("TEXT" "HTML" NIL NIL NIL "QUOTED-PRINTABLE" 20 2 NIL NIL NIL)'
    file = b'("APPLICATION" "PDF" ("NAME" "a.pdf") "<id>" NIL "BASE64" 30 NIL ("ATTACHMENT" ("FILENAME" "b.pdf")) NIL)'
    inner = b'("MESSAGE" "RFC822" NIL NIL NIL "7BIT" 40 (NIL "s" NIL NIL NIL NIL NIL NIL NIL NIL) ' + text + b" 4)"
    tree = b"((" + text + html + b' "ALTERNATIVE" ("BOUNDARY" "b") NIL NIL)' + file + inner + b' "MIXED" NIL NIL NIL)'
    root = parts(Tokens((tree,)).values()[0])
    assert root is not None
    found = [(part.section, part.kind, part.size) for part in leaves(root)]
    assert found == [
        ("1.1", "text/plain", 10),
        ("1.2", "text/html", 20),
        ("2", "application/pdf", 30),
        ("3", "message/rfc822", 40),
    ]
    document = list(leaves(root))[2]
    assert document.disposition == "attachment"
    assert document.disposition_parameters["filename"] == b"b.pdf"
    assert root.children[2].children[0].section == "3.1"
    assert parts(None) is None


@given(VALUES)
def test_any_structure_is_read_or_none(value: Value) -> None:
    root = parts(value)
    assert root is None or root.kind


@given(st.text(max_size=40))
def test_names_of_folders_survive(name: str) -> None:
    name = "".join(sign for sign in name if not "\ud800" <= sign <= "\udfff")
    assert encoded_name(name).isascii()
    assert decoded_name(encoded_name(name)) == name


def test_names_of_folders_as_servers_write_them() -> None:
    assert encoded_name("Entwürfe & Co") == "Entw&APw-rfe &- Co"
    assert decoded_name("Gesendete Objekte") == "Gesendete Objekte"
    assert decoded_name("bad &xyz") == "bad &xyz"


def test_strings_are_quoted_or_literals() -> None:
    assert string('a"b\\') == b'"a\\"b\\\\"'
    assert string("ü") == Literal("ü".encode())
    assert string("a\r\nb LOGOUT") == Literal(b"a\r\nb LOGOUT")
    assert command("LOGIN", string("a"), string("ü"), "x") == (b'LOGIN "a" ', Literal("ü".encode()), b" x")


def test_times() -> None:
    at = moment(" 2-Jun-2025 12:00:00 +0200")
    assert at == 1_748_858_400_000_000
    assert moment("rubbish") == moment("31-Feb-2025 00:00:00 +0000") == 0
    assert date(at) == "2-Jun-2025"
    assert date_time(at) == b'" 2-Jun-2025 10:00:00 +0000"'


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (Status("m", "NO", "NONEXISTENT"), GoneError),
        (Status("m", "NO", "OVERQUOTA", text="full"), InvalidError),
        (Status("m", "NO", "UNAVAILABLE"), TransientError),
        (Status("m", "NO", text="Server busy, try again later"), TransientError),
        (Status("m", "BAD", text="what?"), ProtocolChangedError),
    ],
)
def test_refusals_are_typed(status: Status, error: type[ChannelError]) -> None:
    assert isinstance(refused(status, "FETCH"), error)


def test_not_every_refused_sign_in_is_about_the_password() -> None:
    assert isinstance(sign_in_refused(Status("m", "NO", "AUTHENTICATIONFAILED", text="try later")), AuthExpiredError)
    assert isinstance(sign_in_refused(Status("m", "NO", "ALERT", text="Too many connections")), TransientError)
    assert isinstance(sign_in_refused(Status("m", "NO", text="Invalid credentials")), AuthExpiredError)
