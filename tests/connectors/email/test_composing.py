"""Mails that leave: the same bytes at every attempt, to whom, in which thread."""

from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.connectors.email.letters import mail
from workstation.connectors.email.addressing import answered, named
from workstation.connectors.email.compose import answer_subject, compose, message_id, operation_of
from workstation.connectors.email.directory import Directory, id_of, searchable
from workstation.connectors.email.mime.addresses import Address
from workstation.connectors.email.mime.mail import Mail, read
from workstation.connectors.email.settings import DIRECT, PLAIN, STARTED, Place, settings
from workstation.connectors.email.submission import Reply, refused, stuffed
from workstation.connectors.email.threads import threaded
from workstation.domain.channels import ChannelConfig
from workstation.domain.errors import (
    AuthExpiredError,
    ChannelError,
    ConfigurationError,
    InvalidError,
    RateLimitedError,
    ReplyNotAllowedError,
    TransientError,
)
from workstation.domain.outbox import HOLDING, Act, Operation

ID = "341a8c03-0320-484f-9d48-59dfeef0ff22"
AT = 1_748_858_400_000_000
US = Address("agent@desk.test", "Acme Service")
ALICE = Address("alice@customer.test", "Älice")
OWN = frozenset({"agent@desk.test"})


def operation(text: str = "Hello", **options: str) -> Operation:
    """A reply."""
    return Operation(ID, Act.REPLY, target="one@customer.test", text=text, at=AT, options=options)


def parsed(raw: bytes) -> EmailMessage:
    """A mail as the standard library reads it, which shares no line with ours."""
    return message_from_bytes(raw, policy=policy.default)


def test_a_reply_is_whole_and_the_same_at_every_attempt() -> None:
    question = mail("x", References="<root@x.test> <mid@x.test>")
    made = compose(operation("Grüße!\n\n> no quote"), US, (ALICE,), "Re: Frage – ß", question, question.message_id)
    assert made == compose(
        operation("Grüße!\n\n> no quote"), US, (ALICE,), "Re: Frage – ß", question, question.message_id
    )
    found = parsed(made.raw)
    assert found["Message-ID"] == f"<{ID}@desk.test>"
    assert found["In-Reply-To"] == "<one@customer.test>"
    assert found["References"].split() == ["<root@x.test>", "<mid@x.test>", "<one@customer.test>"]
    assert found["Subject"] == "Re: Frage – ß"
    assert found["From"] == "Acme Service <agent@desk.test>"
    assert found["To"] == "Älice <alice@customer.test>"
    assert found["Date"].datetime.timestamp() * 1_000_000 == AT
    assert found.get_content_type() == "text/plain"
    assert read(made.raw).text == "Grüße!\n\n> no quote".replace("> no", "> no")
    assert made.recipients == ("alice@customer.test",)
    assert b"\n" not in made.raw.replace(b"\r\n", b"")


@given(st.text(max_size=300), st.text(max_size=80), st.text(max_size=30))
def test_no_text_breaks_out_of_its_field(text: str, subject: str, name: str) -> None:
    text, subject, name = (item.encode("utf-8", "ignore").decode() for item in (text, subject, name))
    made = compose(operation(text), US, (Address("a@x.test", name),), subject)
    head = made.raw.partition(b"\r\n\r\n")[0]
    names = [line.partition(b":")[0] for line in head.split(b"\r\n") if not line.startswith((b" ", b"\t"))]
    assert names == [
        b"Date", b"From", b"To", b"Subject", b"Message-ID", b"MIME-Version", b"Content-Type",
        b"Content-Transfer-Encoding",
    ]  # fmt: skip
    assert all(len(line) <= 998 for line in made.raw.split(b"\r\n"))
    assert made.raw.isascii()


@given(st.lists(st.text("abc >.\tü日", max_size=200), max_size=5).map("\n".join))
def test_text_comes_out_as_it_went_in(text: str) -> None:
    back = read(compose(operation(text), US, (ALICE,), "s").raw).text

    def bare(given: str) -> list[str]:
        return [line.replace("> ", ">").replace(" ", "") for line in given.split("\n") if line.strip()]

    assert [line.replace("\t", "") for line in bare(back)] == [line.replace("\t", "") for line in bare(text)]


def test_ids_come_from_the_operation_and_the_accounts_domain() -> None:
    assert message_id(operation(), "desk.test") == f"{ID}@desk.test"
    assert message_id(operation(), "mächine.test") == f"{ID}@xn--mchine-bua.test"
    assert operation_of(f"{ID}@desk.test", "desk.test") == ID
    assert operation_of(f"{ID}@other.test", "desk.test") == ""
    assert operation_of("one@desk.test", "desk.test") == ""
    undated = Operation(ID, Act.POST, text="x")
    assert compose(undated, US, (ALICE,), "s") == compose(undated, US, (ALICE,), "s")


def test_what_a_rule_drafted_says_so() -> None:
    made = compose(operation(**{HOLDING: "7"}), US, (ALICE,), "s")
    assert parsed(made.raw)["Auto-Submitted"] == "auto-replied"


@pytest.mark.parametrize(
    "subject", ["Frage", "Re: Frage", "AW: Re: Frage", "RE[2]: Frage", "回复：Frage", "Sv: VS: Frage"]
)
def test_subjects_of_answers(subject: str) -> None:
    assert answer_subject(subject) == "Re: Frage"


@pytest.mark.parametrize(
    ("fields", "to"),
    [
        ({}, ["alice@customer.test"]),
        ({"Reply_To": "Help <help@customer.test>"}, ["help@customer.test"]),
        ({"Reply_To": "agent@desk.test"}, ["alice@customer.test"]),
        ({"From": "agent@desk.test", "Reply_To": "visitor@x.test"}, ["visitor@x.test"]),
        ({"From": "agent@desk.test", "To": "bob@x.test, agent@desk.test"}, ["bob@x.test"]),
        (
            {"Reply_To": "list@x.test", "To": "list@x.test", "List_Post": "<mailto:list@x.test>"},
            ["alice@customer.test"],
        ),
    ],
)
def test_an_answer_goes_to_who_wrote(fields: dict[str, str], to: list[str]) -> None:
    assert [item.address for item in answered(mail("x", **fields), OWN)] == to


@pytest.mark.parametrize(
    "fields",
    [
        {"From": "no-reply@x.test"},
        {"From": "acme.noreply@x.test"},
        {"From": "MAILER-DAEMON@x.test"},
        {"Return_Path": "<>"},
        {"From": "nobody knows"},
    ],
)
def test_nobody_answers_what_nobody_reads(fields: dict[str, str]) -> None:
    with pytest.raises(ReplyNotAllowedError):
        answered(mail("x", **fields), OWN)


def test_addresses_that_are_typed() -> None:
    assert [item.address for item in named('Bob <bob@x.test>, "C, D" <c@x.test>; e@x.test')] == [
        "bob@x.test",
        "c@x.test",
        "e@x.test",
    ]
    for wrong in ("", "bob", "bob@", "bob@x.test\r\nBcc: e@x.test, @", "a@b@c, d@e"):
        with pytest.raises(InvalidError):
            named(wrong)


def thread(directory: Directory, found: Mail) -> tuple[str, str]:
    return threaded(found, directory.identify(found), directory)


def test_threads_by_what_is_answered() -> None:
    seen = Directory()
    assert thread(seen, mail("a", message_id="<a@x>")) == ("a@x", "")
    assert thread(seen, mail("b", message_id="<b@x>", In_Reply_To="<a@x>")) == ("a@x", "a@x")
    assert thread(Directory(), mail("b", message_id="<b@x>", In_Reply_To="<a@x>")) == ("", "a@x")
    # No chain, only the latest: it is known where that belongs.
    assert thread(seen, mail("c", message_id="<c@x>", In_Reply_To="<b@x>")) == ("a@x", "b@x")
    assert thread(seen, mail("d", message_id="<d@x>", References="<z@x> <y@x>", In_Reply_To="<y@x>")) == ("z@x", "y@x")
    # Whoever names himself answers nobody.
    assert thread(seen, mail("e", message_id="<e@x>", In_Reply_To="<e@x>")) == ("e@x", "")


def test_threads_by_subject_only_between_the_same_people() -> None:
    seen = Directory()
    thread(seen, mail("a", message_id="<a@x>", subject="Order 17"))
    assert thread(seen, mail("b", message_id="<b@x>", subject="AW: Order 17"))[0] == "a@x"
    assert thread(seen, mail("c", message_id="<c@x>", subject="Order 17"))[0] == "c@x"
    stranger = mail("d", message_id="<d@x>", subject="Re: Order 17", From="bob@y.test")
    assert thread(seen, stranger)[0] == "d@x"


def test_ids_are_stable_and_cannot_be_taken() -> None:
    seen = Directory()
    first = mail("I agree")
    assert seen.identify(first) == "one@customer.test"
    forged = mail("I do not agree", From="mallory@evil.test")
    other = seen.identify(forged)
    assert other != "one@customer.test"
    assert searchable(other) == "one@customer.test"
    assert seen.identify(first) == "one@customer.test"
    assert seen.identify(forged) == other
    nameless = mail("no id", message_id="")
    assert seen.identify(nameless) == Directory().identify(nameless)
    assert searchable(seen.identify(nameless)) == ""
    assert len(id_of("x" * 900)) < 50


def config(server: str = "imaps://mail.x.test", user: str = "a@x.test", **given: str) -> ChannelConfig:
    return ChannelConfig(1, "email", "e", server, user, "env:X", given)


def test_settings_and_their_defaults() -> None:
    made = settings(config(), "pw")
    assert made.imap == Place("mail.x.test", 993, DIRECT)
    assert made.smtp == Place("mail.x.test", 587, STARTED)
    assert made.smtp_guessed
    assert made.address == "a@x.test"
    assert settings(config("imap.x.test"), "pw").smtp.host == "smtp.x.test"
    assert settings(config("imap://mail.x.test"), "pw").imap == Place("mail.x.test", 143, STARTED)
    assert settings(config("imap://127.0.0.1:8305"), "pw").imap == Place("127.0.0.1", 8305, PLAIN)
    assert settings(config(smtp="smtps://out.x.test"), "pw").smtp == Place("out.x.test", 465, DIRECT)
    assert settings(config(folders="INBOX, Orders"), "pw").folders == ("INBOX", "Orders")


@pytest.mark.parametrize(
    ("made", "secret", "field"),
    [
        (config("https://x.test"), "pw", "server"),
        (config("imap://"), "pw", "server"),
        (config("imap://x.test:99999"), "pw", "server"),
        (config(smtp="imap://x.test"), "pw", "smtp"),
        (config(user=""), "pw", "user"),
        (config(user="agent"), "pw", "address"),
        (config(address="<a@x.test>"), "pw", "address"),
        (config(), "", "secret"),
        (config(), "a\r\nb", "secret"),
    ],
)
def test_wrong_settings_are_named(made: ChannelConfig, secret: str, field: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        settings(made, secret)
    assert caught.value.params["field"] == field


@pytest.mark.parametrize(
    ("code", "text", "error", "seconds"),
    [
        (451, "4.7.1 try again in 5 minutes", RateLimitedError, 300),
        (450, "greylisted, come back in 30 seconds", RateLimitedError, 30),
        (421, "too many connections", RateLimitedError, 60),
        (451, "local error", TransientError, 0),
        (550, "no such user", InvalidError, 0),
        (535, "wrong", AuthExpiredError, 0),
    ],
)
def test_refusals_of_smtp_are_typed(code: int, text: str, error: type[ChannelError], seconds: int) -> None:
    made = refused(Reply(code, (text,)), 1_000)
    assert isinstance(made, error)
    assert made.retry_at == (1_000 + seconds * 1_000_000 if seconds else 0)


def test_dots_are_stuffed_and_lines_whole() -> None:
    assert stuffed(b"a\n.\r\n..b\rc") == b"a\r\n..\r\n...b\r\nc\r\n"
