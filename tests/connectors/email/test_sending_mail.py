"""Answers that leave once, and acts on mails, on servers that can much or little."""

import asyncio
from email import message_from_bytes

import pytest

from tests.conformance.doubles.email import ALL, MailServer
from tests.connectors.email.conftest import Beginning
from tests.connectors.email.letters import parts, raw
from workstation.connectors.email.compose import Outgoing
from workstation.connectors.email.unkept import LONGEST, Unkept
from workstation.domain.errors import (
    AmbiguousError,
    GoneError,
    InvalidError,
    RateLimitedError,
    ReplyNotAllowedError,
    TooLongError,
    TransientError,
    UnsupportedError,
)
from workstation.domain.messages import Cursor, Mark
from workstation.domain.outbox import HOLDING, Act, Operation

ID = "341a8c03-0320-484f-9d48-59dfeef0ff22"
AT = 1_748_858_400_000_000
POOR = ("IMAP4rev1", "IDLE")
UNMOVING = tuple(name for name in ALL if name != "MOVE")


def reply(target: str, text: str = "We look into it.", **options: str) -> Operation:
    return Operation(ID, Act.REPLY, target=target, text=text, at=AT, options=options)


def act(what: Act, target: str) -> Operation:
    return Operation(ID, what, target=target, at=AT)


def sent_ids(server: MailServer) -> list[str]:
    return [server.called(mail) for mail in server.folders["Sent"].mails]


@pytest.mark.parametrize("keeps", [True, False])
async def test_a_reply_is_sent_once_kept_once_and_the_question_marked(begin: Beginning, keeps: bool) -> None:
    server = MailServer(keeps_sent=keeps)
    question = await server.say("Where is it?", subject="Order 17")
    desk = await begin(server, sender="Acme Service")
    sent = await desk.channel.send(reply(question))
    assert sent.remote_id == f"{ID}@desk.test"
    assert server.envelopes == [("agent@desk.test", ["alice@customer.test"])]
    (made,) = map(message_from_bytes, server.handed_in)
    assert (made["Subject"], made["In-Reply-To"]) == ("Re: Order 17", f"<{question}>")
    assert sent_ids(server) == [f"{ID}@desk.test"]
    assert "\\Answered" in server.folders["INBOX"].mails[0].flags
    assert sent.batch is not None
    (echo,) = sent.batch.messages
    assert (echo.own, echo.branch, echo.operation) == (True, question, ID)
    async with desk.watch() as watch:
        await watch.live()
        (stored,) = watch.messages("folder:Sent")
        assert (stored.remote_id, stored.text, stored.branch) == (echo.remote_id, echo.text, echo.branch)


async def test_a_mail_to_somebody_new(begin: Beginning) -> None:
    desk = await begin()
    post = Operation(ID, Act.POST, text="Please look.\nThanks", at=AT, options={"to": "Boss <boss@x.test>, b@x.test"})
    await desk.channel.send(post)
    assert desk.server.envelopes == [("agent@desk.test", ["boss@x.test", "b@x.test"])]
    assert message_from_bytes(desk.server.handed_in[0])["Subject"] == "Please look."
    with pytest.raises(InvalidError):
        await desk.channel.send(Operation(ID, Act.POST, text="x", at=AT))


async def test_the_sent_copy_is_kept_later_where_it_cannot_be_kept_now(begin: Beginning) -> None:
    server = MailServer(keeps_sent=False)
    question = await server.say("Where is it?")
    desk = await begin(server)
    async with desk.watch() as watch:
        await watch.live()
        server.folders["Sent"].selectable = False
        await desk.channel.send(reply(question))
        assert len(server.handed_in) == 1
        assert sent_ids(server) == []
        await desk.channel._opened().outbound.keep_later()  # still not: that is no reason to stop reading
        server.folders["Sent"].selectable = True
        await desk.channel._opened().outbound.keep_later()
        assert sent_ids(server) == [f"{ID}@desk.test"]


async def test_a_sent_copy_that_waits_outlives_the_program(begin: Beginning) -> None:
    server = MailServer(keeps_sent=False)
    question = await server.say("Where is it?")
    desk = await begin(server)
    server.folders["Sent"].selectable = False
    sent = await desk.channel.send(reply(question, "Grüße, your desk."))
    assert sent.batch is not None
    assert sent.batch.cursor is not None
    assert "alice@customer.test" in sent.batch.cursor.value  # an erasure finds who is named in it
    stored = {sent.batch.source: sent.batch.cursor}
    await desk.channel.close()
    server.folders["Sent"].selectable = True
    again = await begin(server)
    async with again.watch(stored) as watch:
        await watch.until(lambda: watch.cursors[sent.batch.source] != sent.batch.cursor if sent.batch else False)
    assert sent_ids(server) == [f"{ID}@desk.test"]
    assert server.folders["Sent"].mails[0].raw == server.handed_in[0]
    assert watch.cursors[sent.batch.source].value == "[]"
    third = await begin(server)  # one that was put away and could not be noted is found, and not put there twice
    async with third.watch(stored) as watch:
        await watch.until(lambda: watch.cursors["sent"].value == "[]")
    assert sent_ids(server) == [f"{ID}@desk.test"]


def test_what_waits_is_bounded_and_given_up_in_the_end() -> None:
    waiting = Unkept()
    for number in range(60):
        waiting.add(Outgoing(f"{number}@desk.test", ("a@x.test",), b"x" * 100_000), AT, AT + number)
    assert len(waiting.all()) == 50
    written = waiting.cursor()
    assert len(written.value) < 1_100_000
    recalled = Unkept()
    recalled.recall(written, AT + 5)
    assert [copy.message_id for copy in recalled.all()] == [f"{number}@desk.test" for number in range(10)]
    assert recalled.news() is None
    recalled.recall(written, AT + LONGEST + 5)
    assert recalled.news() is not None
    late = Unkept()
    late.recall(written, AT + LONGEST + 5)
    assert len(late.all()) == 4
    for broken in (Cursor(1, "{"), Cursor(1, '[["a"]]'), Cursor(9, "[]"), None):
        late.recall(broken, AT)
    assert len(late.all()) == 4


async def test_without_an_answer_after_the_last_dot_it_is_ambiguous(begin: Beginning) -> None:
    server = MailServer()
    question = await server.say("x")
    desk = await begin(server)
    server.after_data = ""
    with pytest.raises(AmbiguousError):
        await asyncio.wait_for(desk.channel.send(reply(question)), 60)
    assert await desk.channel.find_sent(reply(question), 0) is None
    server.after_data = "250 ok"
    await desk.channel.send(reply(question))
    found = await desk.channel.find_sent(reply(question), 0)
    assert found is not None
    assert found.remote_id == f"{ID}@desk.test"
    assert found.batch is not None
    assert found.batch.messages[0].own
    again = await desk.channel.send(reply(question))
    assert again.remote_id == found.remote_id
    assert len(server.handed_in) == 1


@pytest.mark.parametrize(
    ("said", "error"),
    [
        ("451 4.3.0 local error", TransientError),
        ("452 4.3.1 try again in 10 minutes", RateLimitedError),
        ("554 5.7.1 spam", InvalidError),
    ],
)
async def test_a_refusal_after_the_last_dot_is_certain(begin: Beginning, said: str, error: type[Exception]) -> None:
    server = MailServer()
    question = await server.say("x")
    desk = await begin(server)
    server.after_data = said
    with pytest.raises(error):
        await desk.channel.send(reply(question))
    assert server.handed_in == []


async def test_one_refused_recipient_stops_the_whole_mail(begin: Beginning) -> None:
    desk = await begin()
    desk.server.recipients_refused.add("b@x.test")
    post = Operation(ID, Act.POST, text="x", at=AT, options={"to": "a@x.test, b@x.test"})
    with pytest.raises(InvalidError):
        await desk.channel.send(post)
    assert desk.server.handed_in == []


async def test_nothing_is_sent_that_must_not_be(begin: Beginning) -> None:
    server = MailServer(size=20_000)
    machine = await server.say("I am away", Auto_Submitted="auto-replied")
    unread = await server.say("news", From="no-reply@shop.test")
    desk = await begin(server)
    with pytest.raises(ReplyNotAllowedError):
        await desk.channel.send(reply(machine, **{HOLDING: "7"}))
    with pytest.raises(ReplyNotAllowedError):
        await desk.channel.send(reply(unread))
    with pytest.raises(GoneError):
        await desk.channel.send(reply("nobody@x.test"))
    with pytest.raises(TooLongError):
        await desk.channel.send(reply(machine, "ü" * 20_000))
    assert server.handed_in == []
    await desk.channel.send(reply(unread, to="help@shop.test"))
    assert server.envelopes[-1][1] == ["help@shop.test"]


async def test_a_failed_delivery_belongs_to_the_thread_of_the_mail(begin: Beginning) -> None:
    server = MailServer()
    question = await server.say("x")
    desk = await begin(server)
    await desk.channel.send(reply(question))
    head, body = parts(
        "report",
        "Content-Type: text/plain\n\nNot delivered.",
        "Content-Type: message/delivery-status\n\nAction: failed\nStatus: 5.1.1",
        f"Content-Type: text/rfc822-headers\n\nMessage-ID: <{ID}@desk.test>\nReferences: <{question}>\n",
        parameters="; report-type=delivery-status",
    )
    daemon = {"From": "MAILER-DAEMON@x.test", "Subject": "Undelivered", "Return_Path": "<>"}
    await server.put(raw(body, head=head, message_id="<bounce@x.test>", **daemon))
    async with desk.watch() as watch:
        await watch.live()
        bounce = next(item for item in watch.messages() if item.remote_id == "bounce@x.test")
    assert (bounce.branch, bounce.reply_to) == (question, f"{ID}@desk.test")
    assert Mark.AUTOMATIC in bounce.marks
    with pytest.raises(ReplyNotAllowedError):
        await desk.channel.send(reply("bounce@x.test"))


@pytest.mark.parametrize("capabilities", [ALL, UNMOVING, POOR])
async def test_mails_are_moved_and_brought_back(begin: Beginning, capabilities: tuple[str, ...]) -> None:
    server = MailServer(capabilities)
    question = await server.say("Buy pills")
    desk = await begin(server)

    def lies_in() -> list[str]:
        return [
            box.name
            for box in server.folders.values()
            if any(server.called(mail) == question and "\\Deleted" not in mail.flags for mail in box.mails)
        ]

    moves = (
        (Act.JUNK, "Junk", Mark.JUNK), (Act.UNJUNK, "INBOX", None), (Act.ARCHIVE, "Archive", None),
        (Act.UNARCHIVE, "INBOX", None), (Act.TRASH, "Trash", Mark.TRASHED), (Act.RESTORE, "INBOX", None),
    )  # fmt: skip
    for what, folder, mark in moves:
        for _ in "ab":  # what is so already stays so
            sent = await desk.channel.send(act(what, question))
            assert lies_in() == [folder], what
            assert sent.batch is not None
            assert (mark in sent.batch.messages[0].marks) is (mark is not None)
        assert await desk.channel.find_sent(act(what, question), 0) is not None
    assert await desk.channel.find_sent(act(Act.JUNK, question), 0) is None


async def test_a_move_of_ours_is_seen_as_one_by_the_reader(begin: Beginning) -> None:
    server = MailServer()
    await server.put(raw("nameless", message_id=""))
    question = await server.say("Buy pills")
    desk = await begin(server)
    async with desk.watch() as watch:
        await watch.live()
        nameless = watch.ids("folder:INBOX")[0]
        for target in (question, nameless):
            await desk.channel.send(act(Act.JUNK, target))
            await watch.until(lambda: any(Mark.JUNK in item.marks for item in watch.messages()))
            assert watch.ids()[-1] == target
            watch.batches.clear()
        assert [mail.flags for mail in server.folders["Junk"].mails] == [{"$Junk"}, {"$Junk"}]


async def test_flags_are_set_and_taken(begin: Beginning) -> None:
    server = MailServer()
    question = await server.say("x")
    desk = await begin(server)
    await desk.channel.send(act(Act.FAVOURITE, question))
    assert server.folders["INBOX"].mails[0].flags == {"\\Flagged"}
    assert await desk.channel.find_sent(act(Act.FAVOURITE, question), 0) is not None
    await desk.channel.send(act(Act.UNFAVOURITE, question))
    assert server.folders["INBOX"].mails[0].flags == set()
    with pytest.raises(GoneError):
        await desk.channel.send(act(Act.FAVOURITE, "nobody@x.test"))


async def test_what_a_mailbox_lacks_is_disabled_with_the_reason(begin: Beginning) -> None:
    server = MailServer()
    del server.folders["Junk"], server.folders["Archive"]
    question = await server.say("x")
    desk = await begin(server)
    opened = await desk.channel.open()
    unavailable = {offer.act for offer in opened.capabilities.offers if not offer.available}
    assert unavailable == {Act.JUNK, Act.UNJUNK, Act.ARCHIVE, Act.UNARCHIVE, Act.DELETE}
    assert all(offer.reason for offer in opened.capabilities.offers if not offer.available)
    with pytest.raises(UnsupportedError):
        await desk.channel.send(act(Act.JUNK, question))


async def test_folders_are_known_by_their_usual_names_too(begin: Beginning) -> None:
    server = MailServer()
    server.special = {}
    question = await server.say("x")
    desk = await begin(server)
    await desk.channel.send(act(Act.JUNK, question))
    assert len(server.folders["Junk"].mails) == 1
