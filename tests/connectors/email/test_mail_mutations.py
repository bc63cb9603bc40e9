"""Mails of every kind, damaged at random: each becomes something readable, or says why it cannot."""

from base64 import encodebytes

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.connectors.email.letters import parts, raw
from workstation.connectors.email.directory import Directory, Spot
from workstation.connectors.email.incoming import Letter, Role, Teller
from workstation.connectors.email.mime.mail import Mail, UnreadableError, read
from workstation.connectors.email.settings import settings
from workstation.domain.channels import ChannelConfig
from workstation.domain.messages import Mark
from workstation.net.plain import TEXT_CAP

CONFIG = ChannelConfig(1, "email", "e", "imap://127.0.0.1:1", "agent", "env:X", {"address": "agent@desk.test"})
WHOLE = (
    raw("Grüße, wo ist mein Päckchen?\n> quoted\n-- \nZoë", Subject="=?utf-8?B?R3LDvMOfZQ==?="),
    raw(encodebytes(b"Hello there, where is it?").decode(), head="Content-Transfer-Encoding: base64\n"),
    raw("Gr=C3=BC=C3=9Fe =\nweiter", head="Content-Transfer-Encoding: quoted-printable\n"),
    raw("<p>Hello <b>there</b></p><script>x()</script>", head="Content-Type: text/html\n"),
    raw(parts("alternative", "Content-Type: text/plain\n\nplain", "Content-Type: text/html\n\n<p>rich</p>")[1],
        head=parts("alternative")[0]),
    raw(parts("mixed", "Content-Type: text/plain\n\nwords", "Content-Type: message/rfc822\n\nSubject: inner\n\ntext",
              "Content-Type: text/calendar\n\nBEGIN:VCALENDAR\nSUMMARY:x\nEND:VCALENDAR")[1], head=parts("mixed")[0]),
    raw(parts("report", "Content-Type: text/plain\n\nfailed", "Content-Type: message/delivery-status\n\nAction: failed",
              "Content-Type: text/rfc822-headers\n\nMessage-ID: <ours@desk.test>")[1],
        head=parts("report", parameters="; report-type=delivery-status")[0]),
    raw(parts("encrypted", "Content-Type: application/pgp-encrypted\n\nVersion: 1",
              "Content-Type: application/octet-stream\n\n-----BEGIN PGP MESSAGE-----")[1], head=parts("encrypted")[0]),
    raw("注文はどこですか。", head="Content-Type: text/plain; charset=iso-2022-jp\n", encoding="iso2022_jp",
        Subject="", From="a@x.test"),
)  # fmt: skip
DAMAGE = st.lists(
    st.tuples(st.integers(0, 2_000), st.sampled_from(["cut", "drop", "put", "turn", "twice"]), st.binary(max_size=12)),
    min_size=1,
    max_size=6,
)


def damaged(mail: bytes, damage: list[tuple[int, str, bytes]]) -> bytes:
    """A mail that something has happened to on the way."""
    for at, what, piece in damage:
        place = at % (len(mail) + 1)
        match what:
            case "cut":
                mail = mail[: max(place, 40)]
            case "drop":
                mail = mail[:place] + mail[place + 1 + len(piece) :]
            case "put":
                mail = mail[:place] + piece + mail[place:]
            case "turn":
                mail = mail[:place] + bytes(sign ^ 0x80 for sign in mail[place : place + 3]) + mail[place + 3 :]
            case "twice":
                mail = mail[:place] + mail[max(0, place - 60) :]
    return mail


def outcome(mail: bytes) -> Mail | str:
    """The mail, or why it cannot be read."""
    try:
        return read(mail)
    except UnreadableError as error:
        return error.why


@given(st.sampled_from(WHOLE), DAMAGE)
def test_damaged_mails_are_readable_or_say_why(mail: bytes, damage: list[tuple[int, str, bytes]]) -> None:
    found = outcome(damaged(mail, damage))
    if isinstance(found, str):
        assert found
        return
    message = Teller(settings(CONFIG, "x"), Directory()).message(Letter(found, Spot("INBOX", 1, 1), Role.NONE, 0, 1))
    assert message.text or {Mark.EMPTY, Mark.ENCRYPTED} & set(message.marks)
    assert len(message.text) <= TEXT_CAP + 1_000
    assert not set("\u202e\u202d\x00\x1b") & set(message.text + message.author.name + message.author.handle)
    message.text.encode()  # no halves of pairs


@pytest.mark.parametrize("mail", WHOLE)
def test_whole_ones_are_read(mail: bytes) -> None:
    found = read(mail)
    assert found.text or found.encrypted
