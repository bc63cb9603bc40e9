"""Folders as sources: what comes, goes, moves and is flagged, on servers that can much or little."""

import base64
import time

import pytest

from tests.conformance.doubles.email import ALL, MailServer
from tests.connectors.email.conftest import Beginning
from tests.connectors.email.letters import raw
from workstation.connectors.email.imap.connection import Imap
from workstation.connectors.email.settings import DIRECT, STARTED, Place
from workstation.domain.channels import Condition
from workstation.domain.errors import (
    AuthExpiredError,
    ConfigurationError,
    GoneError,
    InvalidError,
    PermissionDeniedError,
    TransientError,
)
from workstation.domain.messages import Batch, Kind, Mark, MediaKind, Visibility

POOR = ("IMAP4rev1",)
PLAIN_IDLE = ("IMAP4rev1", "IDLE")
SERVERS = [ALL, PLAIN_IDLE]


def without(*names: str) -> tuple[str, ...]:
    return tuple(name for name in ALL if name not in names)


def deleted(batches: list[Batch]) -> list[str]:
    return [item.remote_id for batch in batches for item in batch.deletions]


async def test_what_opening_tells(begin: Beginning) -> None:
    desk = await begin(sender="Acme", folders="INBOX, Archive")
    opened = await desk.channel.open()
    assert opened.account.handle == "agent@desk.test"
    assert opened.account.name == "Acme"
    assert opened.sources == ("folder:INBOX", "folder:Archive", "folder:Sent")
    assert opened.titles["folder:Sent"] == "Sent"
    assert opened.capabilities.server == "Double 1"
    assert opened.capabilities.transport == ("idle", "poll")


async def test_a_mail_is_told_in_full(begin: Beginning) -> None:
    server = MailServer()
    identifier = await server.say("Where is it?", subject="Order 17", Content_Language="en")
    desk = await begin(server)
    async with desk.watch() as watch:
        await watch.live()
        (message,) = watch.messages("folder:INBOX")
        assert message.remote_id == message.branch == identifier
        assert message.kind is Kind.MAIL
        assert message.visibility is Visibility.DIRECT
        assert message.text == "Order 17\nWhere is it?"
        assert message.marks == (Mark.TITLED,)
        assert (message.author.remote_id, message.author.name) == ("alice@customer.test", "Alice")
        assert message.language == "en"
        assert not message.own
        assert abs(message.created_at / 1e6 - time.time()) < 60


@pytest.mark.parametrize("capabilities", [*SERVERS, without("QRESYNC"), without("ESEARCH")])
async def test_mails_come_go_and_are_flagged_while_we_look(begin: Beginning, capabilities: tuple[str, ...]) -> None:
    server = MailServer(capabilities)
    first = await server.say("one")
    desk = await begin(server)
    async with desk.watch() as watch:
        await watch.live()
        second = await server.say("two")
        await watch.until(lambda: second in watch.ids())
        await server.flag(second, "\\Flagged", "\\Seen")
        await watch.until(lambda: watch.messages()[-1].marks == (Mark.TITLED, Mark.FAVOURITED))
        await server.drop(first)
        await watch.until(lambda: deleted(watch.batches) == [first])
        assert watch.ids().count(first) == 1


@pytest.mark.parametrize("capabilities", [*SERVERS, without("QRESYNC"), POOR])
async def test_what_happened_while_we_were_away_is_told(begin: Beginning, capabilities: tuple[str, ...]) -> None:
    server = MailServer(capabilities)
    kept, gone, flagged = [await server.say(text) for text in ("kept", "gone", "flagged")]
    desk = await begin(server)
    ready = Condition.LIVE if "IDLE" in capabilities else Condition.POLLING
    async with desk.watch() as watch:
        await watch.live(ready)
        assert watch.ids() == [kept, gone, flagged]
        cursors = watch.cursors
    await server.drop(gone)
    await server.flag(flagged, "\\Flagged")
    fresh = [await server.say(f"fresh {number}") for number in range(120)]
    again = await begin(server)
    async with again.watch(cursors) as watch:
        await watch.live(ready)
        assert [item for item in watch.ids() if item != flagged] == fresh
        assert deleted(watch.batches) == [gone]
        assert [item.marks for item in watch.messages() if item.remote_id == flagged] == [
            (Mark.TITLED, Mark.FAVOURITED)
        ]


async def test_numbers_that_become_void_double_nothing(begin: Beginning) -> None:
    server = MailServer()
    old = [await server.say(f"old {number}") for number in range(60)]
    desk = await begin(server)
    async with desk.watch() as watch:
        await watch.live()
        cursors = watch.cursors
        assert watch.ids() == old[-50:]
    meanwhile = [await server.say(f"meanwhile {number}") for number in range(70)]
    server.renumber()
    again = await begin(server)
    async with again.watch(cursors) as watch:
        await watch.live()
        assert set(meanwhile) <= set(watch.ids())
        assert set(watch.ids()) <= {*old, *meanwhile}
        assert deleted(watch.batches) == []
        after = await server.say("after")
        await watch.until(lambda: after in watch.ids())


async def test_a_mail_that_is_moved_is_not_deleted(begin: Beginning) -> None:
    server = MailServer()
    ids = [await server.say(f"mail {number}") for number in range(8)]
    desk = await begin(server)
    async with desk.watch() as watch:
        await watch.live()
        await server.move(ids[0], "INBOX", "Junk")
        await watch.until(lambda: watch.messages()[-1].marks == (Mark.TITLED, Mark.JUNK))
        assert watch.ids()[-1] == ids[0]
        await server.move(ids[1], "INBOX", "Archive")
        await watch.until(lambda: watch.ids()[-1] == ids[1])
        assert watch.messages()[-1].marks == (Mark.TITLED,)
        taken = await server.remove([mail.uid for mail in server.folders["INBOX"].mails[:5]], "INBOX")
        assert deleted(watch.batches) in ([], ids[2:7])
        for mail in taken:
            await server.put(mail.raw, "Trash")
        await watch.until(lambda: len(deleted(watch.batches)) + watch.ids().count(ids[6]) >= 2)


async def test_many_mails_that_are_archived_together_are_found(begin: Beginning) -> None:
    server = MailServer()
    ids = [await server.say(f"mail {number}") for number in range(45)]
    desk = await begin(server)
    async with desk.watch() as watch:
        await watch.live()
        cursors = watch.cursors
    for identifier in ids:
        await server.move(identifier, "INBOX", "Archive")
    again = await begin(server)
    async with again.watch(cursors) as watch:
        await watch.live()
        assert deleted(watch.batches) == []
        assert sorted(watch.ids()) == sorted(ids)


async def test_idle_is_renewed_and_tells_that_it_stands(begin: Beginning) -> None:
    desk = await begin(renewed=0.02)
    async with desk.watch() as watch:
        await watch.live()
        await watch.until(lambda: desk.server.commands.count("IDLE") >= 3)
        identifier = await desk.server.say("still here?")
        await watch.until(lambda: identifier in watch.ids())


async def test_other_folders_are_looked_at_in_turn(begin: Beginning) -> None:
    desk = await begin(folders="INBOX, Archive", poll_seconds="5")
    async with desk.watch() as watch:
        await watch.live()
        await desk.server.put(raw("filed"), "Archive")
        desk.channel._nudge.set()
        await watch.until(lambda: watch.ids("folder:Archive") == ["one@customer.test"])


async def test_own_mails_are_those_in_the_folder_of_sent_mail(begin: Beginning) -> None:
    server = MailServer()
    ours = {"From": "agent@desk.test", "To": "alice@customer.test"}
    await server.put(raw("written elsewhere", message_id="<sent@desk.test>", **ours), "Sent")
    await server.put(raw("a form", message_id="<form@desk.test>", **ours, Reply_To="Visitor <v@x.test>"), "INBOX")
    desk = await begin(server)
    async with desk.watch() as watch:
        await watch.live()
        (sent,) = watch.messages("folder:Sent")
        assert (sent.own, sent.author.remote_id) == (True, "agent@desk.test")
        (form,) = watch.messages("folder:INBOX")
        assert (form.own, form.author.remote_id) == (False, "v@x.test")


async def test_a_stranger_cannot_take_the_id_of_another_mail(begin: Beginning) -> None:
    desk = await begin()
    async with desk.watch() as watch:
        await watch.live()
        await desk.server.put(raw("I agree"))
        await watch.until(lambda: len(watch.ids()) == 1)
        await desk.server.put(raw("I do not agree", From="mallory@evil.test"))
        await watch.until(lambda: len(watch.ids()) == 2)
        first, second = watch.messages()
        assert first.remote_id == "one@customer.test"
        assert second.remote_id != first.remote_id
        cursors = watch.cursors
    desk.server.renumber()
    again = await begin(desk.server)
    async with again.watch(cursors) as watch:
        await watch.live()
        assert watch.ids() == [first.remote_id, second.remote_id]


async def test_an_answer_that_names_no_mail_is_placed_after_a_restart(begin: Beginning) -> None:
    server = MailServer()
    first = await server.say("first", subject="Größe 17")
    for number in range(300):
        await server.say(f"noise {number}", subject=f"noise {number}")
    desk = await begin(server)
    async with desk.watch() as watch:
        await watch.live()
        cursors = watch.cursors
        assert first not in watch.ids()
    again = await begin(server)
    async with again.watch(cursors) as watch:
        await watch.live()
        answer = await server.say("so?", subject="AW: Größe 17")
        await watch.until(lambda: answer in watch.ids())
        assert watch.messages()[-1].branch == first
        stranger = await server.say("so?", subject="AW: Größe 17", From="bob@x.test")
        await watch.until(lambda: stranger in watch.ids())
        assert watch.messages()[-1].branch == stranger


async def test_what_cannot_be_read_is_counted(begin: Beginning) -> None:
    server = MailServer()
    await server.put(b"")
    good = await server.say("good")
    desk = await begin(server)
    async with desk.watch() as watch:
        await watch.live()
        batch = next(batch for batch in watch.batches if batch.source == "folder:INBOX")
        assert [message.remote_id for message in batch.messages] == [good]
        assert [reject.where for reject in batch.rejects] == ["folder:INBOX: it is empty"]
        assert batch.received == 2


def with_files(size: int = 10) -> bytes:
    picture = b"\x89PNG" + b"p" * size
    body = (
        "--b\r\nContent-Type: text/plain\r\n\r\nSee files\r\n--b\r\nContent-Type: image/png; name=a.png\r\n"
        f"Content-Transfer-Encoding: base64\r\n\r\n{base64.encodebytes(picture).decode()}\r\n--b\r\n"
        "Content-Type: application/pdf\r\nContent-Disposition: attachment; filename=b.pdf\r\n\r\n%PDF\r\n--b--\r\n"
    )
    return raw(body.encode(), head='Content-Type: multipart/mixed; boundary="b"\n')


async def test_files_are_listed_and_handed_over_on_request(begin: Beginning) -> None:
    server = MailServer()
    await server.put(with_files())
    desk = await begin(server)
    async with desk.watch() as watch:
        await watch.live()
        (message,) = watch.messages("folder:INBOX")
    picture, document = message.media
    assert (picture.kind, picture.name, picture.preview_url) == (MediaKind.IMAGE, "a.png", picture.url)
    assert (document.kind, document.name, document.preview_url) == (MediaKind.OTHER, "b.pdf", "")
    assert await desk.channel.media(picture.url) == b"\x89PNG" + b"p" * 10
    assert await desk.channel.file(document.url) == b"%PDF"
    with pytest.raises(InvalidError):
        await desk.channel.media(document.url)
    with pytest.raises(PermissionDeniedError):
        await desk.channel.file("https://x.test/a.pdf")
    with pytest.raises(GoneError):
        await desk.channel.file("mail:nobody@x.test/1")
    with pytest.raises(GoneError):
        await desk.channel.file(document.url.rpartition("/")[0] + "/9")


async def test_older_pages_are_read_on_request(begin: Beginning) -> None:
    server = MailServer()
    ids = [await server.say(f"mail {number}") for number in range(120)]
    desk = await begin(server)
    async with desk.watch() as watch:
        await watch.live()
    page = await desk.channel.earlier("folder:INBOX", "", ids[70], 0)
    (batch,) = page.batches
    assert [message.remote_id for message in batch.messages] == ids[20:70]
    assert (page.more, batch.history, batch.cursor) == (True, True, None)
    last = await desk.channel.earlier("folder:INBOX", page.position, ids[70], 0)
    assert [message.remote_id for message in last.batches[0].messages] == ids[:20]
    assert not last.more
    end = await desk.channel.earlier("folder:INBOX", last.position, ids[70], 0)
    assert (end.batches[0].received, end.more) == (0, False)


async def test_threads_writers_and_single_mails_are_looked_up(begin: Beginning) -> None:
    server = MailServer()
    root = await server.say("first", subject="Order")
    await server.put(raw("ours", message_id="<r1@desk.test>", In_Reply_To=f"<{root}>", References=f"<{root}>"), "Sent")
    third = await server.say("third", subject="Re: Order", References=f"<{root}> <r1@desk.test>")
    other = await server.say("other", From="Bob <bob@x.test>")
    desk = await begin(server)
    thread = await desk.channel.thread(third)
    assert {message.remote_id for message in thread.messages} == {root, "r1@desk.test", third}
    assert {message.branch for message in thread.messages} == {root}
    history = await desk.channel.history("bob@x.test")
    assert [message.remote_id for message in history.messages] == [other]
    await server.drop(other)
    batch = await desk.channel.refresh((root, other))
    assert [message.remote_id for message in batch.messages] == [root]
    assert [item.remote_id for item in batch.deletions] == [other]
    gone = await desk.channel.thread(other)
    assert [item.remote_id for item in gone.deletions] == [other]


async def test_mails_without_an_id_are_found_again(begin: Beginning) -> None:
    server = MailServer()
    await server.put(raw("nameless", message_id=""))
    desk = await begin(server)
    async with desk.watch() as watch:
        await watch.live()
        (remote_id,) = watch.ids("folder:INBOX")
    server.renumber()
    fresh = await begin(server)
    batch = await fresh.channel.refresh((remote_id,))
    assert [message.remote_id for message in batch.messages] == [remote_id]


async def test_wrong_sign_ins_and_places_are_typed(begin: Beginning) -> None:
    server = MailServer()
    await begin(server)
    with pytest.raises(ConfigurationError) as caught:
        await begin(server, folders="Nowhere")
    assert caught.value.params["field"] == "folders"
    with pytest.raises(ConfigurationError) as caught:
        await begin(server, smtp="")
    assert caught.value.params["field"] == "smtp"
    with pytest.raises(ConfigurationError) as caught:
        await begin(server, auth="xoauth2")
    assert caught.value.params["field"] == "auth"
    server.accepts = False
    with pytest.raises(AuthExpiredError):
        await begin(server)
    port = server.ports[0]
    with pytest.raises(ConfigurationError):  # it offers no STARTTLS, so nothing is said in the clear
        await Imap.open(Place("127.0.0.1", port, STARTED), "agent", "x", oauth=False)
    assert "LOGIN" not in server.commands[-2:]
    with pytest.raises(TransientError):
        await Imap.open(Place("127.0.0.1", port, DIRECT), "agent", "x", oauth=False)
