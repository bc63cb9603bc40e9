"""A small mail server on loopback: IMAP with IDLE, CONDSTORE, QRESYNC and MOVE as wished, and SMTP with a sign-in.

Written from the RFCs without a line of the connector's, so that the two cannot share an error.
"""

import asyncio
import base64
import re
import time
from bisect import bisect_left, bisect_right
from collections.abc import Awaitable, Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import ssl

ALL = ("IMAP4rev1", "SASL-IR", "LITERAL+", "ID", "ENABLE", "IDLE", "UIDPLUS", "MOVE", "ESEARCH", "CONDSTORE", "QRESYNC",
       "SPECIAL-USE")  # fmt: skip
SPECIAL = {"Sent": "\\Sent", "Junk": "\\Junk", "Trash": "\\Trash", "Archive": "\\Archive", "Drafts": "\\Drafts"}
WORDS = re.compile(rb'"(?:[^"\\]|\\.)*"|\((?:[^()]|\((?:[^()]|\([^()]*\))*\))*\)|[^\s"(\[]*\[[^\]]*\][^\s]*|[^\s"]+')
"""Strings, lists, and all else between spaces."""
USER, PASSWORD, ADDRESS = "agent", "the-secret", "agent@desk.test"


@dataclass(eq=False)
class Mail:
    """A mail in a folder."""

    uid: int
    raw: bytes
    at: float
    flags: set[str] = field(default_factory=set)
    modseq: int = 1


@dataclass
class Folder:
    """A folder; `gone` is what QRESYNC tells later: (modseq, uid)."""

    name: str
    validity: int = 7
    next: int = 1
    modseq: int = 1
    mails: list[Mail] = field(default_factory=list)
    gone: list[tuple[int, int]] = field(default_factory=list)
    flagged: int = 0
    """How often flags were set."""
    selectable: bool = True


class MailServer:
    """The account's mailbox and both servers."""

    def __init__(self, capabilities: Iterable[str] = ALL, *, keeps_sent: bool = True, size: int = 1_000_000) -> None:
        self.capabilities = tuple(capabilities)
        self.keeps_sent = keeps_sent
        """Puts a copy of what is handed in into Sent, as some do."""
        self.size = size
        self.folders = {name: Folder(name) for name in ("INBOX", *SPECIAL)}
        self.special = dict(SPECIAL)
        self.accepts = True
        self.later: list[str] = []
        """Answers to the next MAIL commands instead of 250."""
        self.babble = False
        self.handed_in: list[bytes] = []
        self.envelopes: list[tuple[str, list[str]]] = []
        self.commands: list[str] = []
        self.recipients_refused: set[str] = set()
        self.after_data = "250 2.0.0 taken"
        self._watchers: set[Callable[[], Awaitable[None]]] = set()
        self._servers: list[asyncio.Server] = []
        self._tasks: set[asyncio.Task[None]] = set()
        self._serial = 0
        self.ports = (0, 0)
        self.tls: ssl.SSLContext | None = None
        """With it, nobody can sign in before STARTTLS."""
        self.direct = False
        """TLS at once."""
        self.token = ""
        """What XOAUTH2 accepts; empty: it is not offered."""

    async def start(self) -> tuple[int, int]:
        """Begin to serve; the ports of IMAP and SMTP."""
        ports = []
        for serve in (self._imap, self._smtp):
            server = await asyncio.start_server(
                self._kept(serve), "127.0.0.1", 0, limit=1 << 20, ssl=self.tls if self.direct else None
            )
            self._servers.append(server)
            ports.append(server.sockets[0].getsockname()[1])
        return ports[0], ports[1]

    def _kept(
        self, serve: Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]
    ) -> Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]:
        async def run(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            task = asyncio.current_task()
            assert task is not None
            self._tasks.add(task)
            try:
                # Cancelled by `close`, it just ends: asyncio's own callback would report it.
                with suppress(OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError, asyncio.CancelledError):
                    await serve(reader, writer)
            finally:
                self._tasks.discard(task)
                writer.close()

        return run

    async def close(self) -> None:
        """End the servers."""
        for server in self._servers:
            server.close()
        for task in tuple(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _imap(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await _Imap(self, reader, writer).run()

    async def _smtp(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await _Smtp(self, reader, writer).run()

    async def changed(self) -> None:
        """Tell everyone who idles."""
        for watcher in tuple(self._watchers):
            with suppress(OSError):
                await watcher()

    async def put(self, raw: bytes, folder: str = "INBOX", flags: Iterable[str] = (), at: float = 0) -> Mail:
        """Deliver a mail."""
        box = self.folders[folder]
        box.modseq += 1
        mail = Mail(box.next, raw, at or time.time(), set(flags), box.modseq)
        box.next += 1
        box.mails.append(mail)
        await self.changed()
        return mail

    async def say(self, text: str, subject: str = "Question", **fields: str) -> str:
        """A customer writes; the Message-ID without brackets."""
        self._serial += 1
        made = EmailMessage(policy=policy.SMTP)
        made.set_content(text)
        identifier = fields.pop("message_id", f"m{self._serial}.{id(self) % 9973}@customer.test")
        given = {"From": "Alice <alice@customer.test>", "To": ADDRESS, "Subject": subject} | {
            name.replace("_", "-"): value for name, value in fields.items()
        }
        for name, value in given.items():
            made[name] = value
        made["Message-ID"] = f"<{identifier}>"
        made["Date"] = time.strftime("%a, %d %b %Y %H:%M:%S +0000", time.gmtime())
        await self.put(made.as_bytes())
        return identifier

    async def drop(self, identifier: str, folder: str = "INBOX") -> None:
        """Somebody deletes a mail for good."""
        await self.remove([mail.uid for mail in self.folders[folder].mails if self.called(mail) == identifier], folder)

    async def remove(self, uids: Iterable[int], folder: str) -> list[Mail]:
        """Take mails out of a folder."""
        box = self.folders[folder]
        wanted = set(uids)
        taken = [mail for mail in box.mails if mail.uid in wanted]
        box.mails = [mail for mail in box.mails if mail.uid not in wanted]
        for mail in taken:
            box.modseq += 1
            box.gone.append((box.modseq, mail.uid))
        await self.changed()
        return taken

    async def move(self, identifier: str, source: str, target: str) -> None:
        """Another program moves a mail."""
        uids = [mail.uid for mail in self.folders[source].mails if self.called(mail) == identifier]
        for mail in await self.remove(uids, source):
            await self.put(mail.raw, target, mail.flags, mail.at)

    async def flag(self, identifier: str, *flags: str, folder: str = "INBOX") -> None:
        """Another program sets flags."""
        box = self.folders[folder]
        box.flagged += 1
        for mail in box.mails:
            if self.called(mail) == identifier:
                box.modseq += 1
                mail.modseq = box.modseq
                mail.flags = set(flags)
        await self.changed()

    def renumber(self, folder: str = "INBOX") -> None:
        """All numbers become void, as after a restore."""
        box = self.folders[folder]
        box.validity += 1
        box.next = 1
        for mail in box.mails:
            mail.uid = box.next
            box.next += 1

    @staticmethod
    def called(mail: Mail) -> str:
        """A mail's Message-ID without brackets."""
        return str(message_from_bytes(mail.raw)["Message-ID"] or "").strip("<> \r\n")

    def texts(self) -> list[str]:
        """What was handed in, as text."""
        return [message_from_bytes(raw, policy=policy.default).get_body().get_content() for raw in self.handed_in]  # type: ignore[union-attr]


class _Imap:
    """One connection."""

    def __init__(self, server: MailServer, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._server, self._reader, self._writer = server, reader, writer
        self._signed_in = False
        self._box: Folder | None = None
        self._view: list[int] = []
        self._seen: dict[int, int] = {}
        self._qresync = False
        self._idling = False
        self._told_at = self._gone = self._flagged = 0
        self._safe = server.tls is None or server.direct

    def _told_capabilities(self) -> str:
        more = ("AUTH=PLAIN",) if self._safe else ("STARTTLS", "LOGINDISABLED")
        oauth = ("AUTH=XOAUTH2",) if self._safe and self._server.token else ()
        return " ".join((*self._server.capabilities, *more, *oauth))

    async def _starttls(self, words: list[bytes], tag: str) -> None:
        assert self._server.tls is not None
        self._say(f"{tag} OK begin")
        await self._writer.drain()
        await self._writer.start_tls(self._server.tls)
        self._safe = True

    def _say(self, line: str | bytes) -> None:
        self._writer.write((line.encode() if isinstance(line, str) else line) + b"\r\n")

    async def run(self) -> None:
        self._say(f"* OK [CAPABILITY {self._told_capabilities()}] double ready")
        self._server._watchers.add(self._told)
        try:
            while True:
                await self._writer.drain()
                tag, words = await self._command()
                self._server.commands.append(words[0].decode().upper())
                if self._server.babble and words[0].upper() == b"UID":
                    self._server.babble = False
                    self._say("* 1 FETCH (UID 1 FLAGS (")
                    self._say("@@@ what?")
                    return
                await self._do(tag, words)
                if words[0].upper() == b"LOGOUT":
                    return
        finally:
            self._server._watchers.discard(self._told)

    async def _command(self) -> tuple[str, list[bytes]]:
        """Tag and words; strings are unpacked, brackets and what is in them stay one word."""
        line = b""
        literals: list[bytes] = []
        while True:
            piece = await self._reader.readuntil(b"\r\n")
            found = re.search(rb"\{(\d+)(\+?)\}\r\n\Z", piece)
            if found is None:
                line += piece[:-2]
                break
            if not found[2]:
                self._say("+ go on")
                await self._writer.drain()
            line += piece[: found.start()] + b"\0%d\0" % len(literals)
            literals.append(await self._reader.readexactly(int(found[1])))
        tag, _, rest = line.partition(b" ")
        words = []
        for word in WORDS.findall(rest):
            if word.startswith(b"\0"):
                words.append(literals[int(word.strip(b"\0"))])
            elif word.startswith(b'"'):
                words.append(re.sub(rb"\\(.)", rb"\1", word[1:-1]))
            else:
                words.append(word)
        return tag.decode(), words

    async def _do(self, tag: str, words: list[bytes]) -> None:
        name = words[0].decode().upper()
        if name == "UID":
            name = f"UID {words[1].decode().upper()}"
            words = words[1:]
        handler = getattr(self, f"_{name.replace(' ', '_').lower()}", None)
        if handler is None:
            self._say(f"{tag} BAD unknown command")
            return
        if not self._signed_in and name not in {"CAPABILITY", "LOGIN", "AUTHENTICATE", "LOGOUT", "ID", "STARTTLS"}:
            self._say(f"{tag} NO sign in first")
            return
        said = await handler(words[1:], tag)
        if said is not None:
            await self._refresh()
            self._say(f"{tag} {said or 'OK done'}")

    async def _capability(self, words: list[bytes], tag: str) -> str:
        self._say(f"* CAPABILITY {self._told_capabilities()}")
        return "OK done"

    async def _login(self, words: list[bytes], tag: str) -> str:
        return self._sign_in(words[0].decode(), words[1].decode())

    async def _authenticate(self, words: list[bytes], tag: str) -> str:
        if len(words) > 1:
            packed = words[1]
        else:
            self._say("+ ")
            packed = (await self._reader.readuntil(b"\r\n")).strip()
        if words[0] == b"XOAUTH2":
            if base64.b64decode(packed).decode() == f"user={USER}\x01auth=Bearer {self._server.token}\x01\x01":
                self._signed_in = True
                return "OK signed in"
            self._say("+ " + base64.b64encode(b'{"status":"401"}').decode())
            await self._writer.drain()
            await self._reader.readuntil(b"\r\n")
            return "NO [AUTHENTICATIONFAILED] wrong"
        _, user, password = base64.b64decode(packed).decode().split("\0")
        return self._sign_in(user, password)

    def _sign_in(self, user: str, password: str) -> str:
        self._signed_in = self._server.accepts and (user, password) == (USER, PASSWORD)
        return "OK signed in" if self._signed_in else "NO [AUTHENTICATIONFAILED] wrong"

    async def _id(self, words: list[bytes], tag: str) -> str:
        self._say('* ID ("name" "Double" "version" "1")')
        return "OK done"

    async def _enable(self, words: list[bytes], tag: str) -> str:
        self._qresync = self._qresync or b"QRESYNC" in words
        self._say(f"* ENABLED {b' '.join(words).decode()}")
        return "OK done"

    async def _noop(self, words: list[bytes], tag: str) -> str:
        return "OK done"

    async def _logout(self, words: list[bytes], tag: str) -> str:
        self._say("* BYE")
        return "OK bye"

    async def _list(self, words: list[bytes], tag: str) -> str:
        for box in self._server.folders.values():
            kind = self._server.special.get(box.name, "")
            self._say(f'* LIST ({kind if box.selectable else chr(92) + "Noselect"}) "/" "{box.name}"')
        return "OK done"

    async def _examine(self, words: list[bytes], tag: str) -> str:
        return await self._select(words, tag, "READ-ONLY")

    async def _select(self, words: list[bytes], tag: str, mode: str = "READ-WRITE") -> str:
        box = self._server.folders.get(words[0].decode())
        self._box = None
        if box is None or not box.selectable:
            return "NO [NONEXISTENT] no such folder"
        self._view = [mail.uid for mail in box.mails]
        self._seen = {mail.uid: mail.modseq for mail in box.mails}
        self._say("* FLAGS (\\Answered \\Flagged \\Deleted \\Seen \\Draft)")
        self._say("* OK [PERMANENTFLAGS (\\Answered \\Flagged \\Deleted \\Seen \\Draft \\*)] flags")
        self._say(f"* {len(self._view)} EXISTS")
        self._say(f"* OK [UIDVALIDITY {box.validity}] validity")
        self._say(f"* OK [UIDNEXT {box.next}] next")
        if "CONDSTORE" in self._server.capabilities:
            self._say(f"* OK [HIGHESTMODSEQ {box.modseq}] highest")
        self._box = box
        self._told_at, self._gone, self._flagged = box.modseq, len(box.gone), box.flagged
        asked = re.match(rb"\(QRESYNC \((\d+) (\d+)", words[1]) if len(words) > 1 else None
        if asked is not None and int(asked[1]) == box.validity:
            since = int(asked[2])
            gone = [uid for modseq, uid in box.gone if modseq > since]
            if gone:
                self._say(f"* VANISHED (EARLIER) {','.join(map(str, gone))}")
            for place, mail in enumerate(box.mails, 1):
                if mail.modseq > since:
                    self._flags_told(place, mail)
        return f"OK [{mode}] open"

    async def _idle(self, words: list[bytes], tag: str) -> str:
        self._idling = True
        self._say("+ idling")
        await self._refresh()
        await self._writer.drain()
        await self._reader.readuntil(b"DONE\r\n")
        self._idling = False
        return "OK done"

    async def _told(self) -> None:
        if self._idling:
            await self._refresh()
            await self._writer.drain()

    async def _refresh(self) -> None:
        """Tell what has changed in the open folder."""
        box = self._box
        if box is None or self._told_at == box.modseq:
            return
        self._told_at = box.modseq
        self._tell_gone(box)
        last = self._view[-1] if self._view else 0
        fresh = box.mails[bisect_right(box.mails, last, key=_uid) :]
        if fresh:
            self._view += [mail.uid for mail in fresh]
            self._seen |= {mail.uid: mail.modseq for mail in fresh}
            self._say(f"* {len(self._view)} EXISTS")
        if self._flagged != box.flagged:
            self._flagged = box.flagged
            for place, mail in enumerate(box.mails, 1):
                if mail.modseq > self._seen.get(mail.uid, 0):
                    self._seen[mail.uid] = mail.modseq
                    self._flags_told(place, mail)

    def _tell_gone(self, box: Folder) -> None:
        if self._gone == len(box.gone):
            return
        self._gone = len(box.gone)
        now = {mail.uid for mail in box.mails}
        gone = [uid for uid in self._view if uid not in now]
        if gone and self._qresync:
            self._say(f"* VANISHED {','.join(map(str, gone))}")
        for uid in gone:
            if not self._qresync:
                self._say(f"* {self._view.index(uid) + 1} EXPUNGE")
            self._view.remove(uid)

    def _flags_told(self, place: int, mail: Mail) -> None:
        modseq = f" MODSEQ ({mail.modseq})" if "CONDSTORE" in self._server.capabilities else ""
        uid = f"UID {mail.uid} " if self._qresync else ""
        self._say(f"* {place} FETCH ({uid}FLAGS ({' '.join(sorted(mail.flags))}){modseq})")

    def _chosen(self, told: bytes, *, uids: bool = True) -> list[Mail]:
        box = self._box
        assert box is not None
        last = (box.mails[-1].uid if uids else len(box.mails)) if box.mails else 0
        found: dict[int, Mail] = {}
        for piece in told.decode().split(","):
            low, _, high = piece.partition(":")
            first = last if low == "*" else int(low)
            end = last if high == "*" else int(high or low)
            first, end = min(first, end), max(first, end)
            if uids:
                first = bisect_left(box.mails, first, key=_uid) + 1
                end = bisect_right(box.mails, end, key=_uid)
            found |= {mail.uid: mail for mail in box.mails[first - 1 : end]}
        return [found[uid] for uid in sorted(found)]

    async def _fetch(self, words: list[bytes], tag: str) -> str:
        return self._fetched(self._chosen(words[0], uids=False), words[1:])

    async def _uid_fetch(self, words: list[bytes], tag: str) -> str:
        return self._fetched(self._chosen(words[0]), words[1:])

    def _fetched(self, mails: list[Mail], words: list[bytes]) -> str:
        asked = words[0].decode()
        since = re.search(rb"CHANGEDSINCE (\d+)", words[1]) if len(words) > 1 else None
        for mail in mails:
            if since is not None and mail.modseq <= int(since[1]):
                continue
            place = bisect_left(self._view, mail.uid) + 1
            out = [f"UID {mail.uid}".encode()]
            if "FLAGS" in asked:
                out.append(f"FLAGS ({' '.join(sorted(mail.flags))})".encode())
            if since is not None:
                out.append(f"MODSEQ ({mail.modseq})".encode())
            if "INTERNALDATE" in asked:
                out.append(time.strftime('INTERNALDATE "%d-%b-%Y %H:%M:%S +0000"', time.gmtime(mail.at)).encode())
            if "RFC822.SIZE" in asked:
                out.append(f"RFC822.SIZE {len(mail.raw)}".encode())
            if "BODYSTRUCTURE" in asked:
                out.append(b"BODYSTRUCTURE NIL")
            for name, span in re.findall(r"BODY\.PEEK\[([^\]]*)\](<[\d.]+>)?", asked):
                raw = mail.raw
                section = name
                if section.startswith("HEADER"):
                    raw = raw.partition(b"\r\n\r\n")[0] + b"\r\n\r\n"
                if span:
                    start, count = map(int, span.strip("<>").split("."))
                    raw = raw[start : start + count]
                    section += f"]<{start}>"
                else:
                    section += "]"
                out.append(f"BODY[{section} {{{len(raw)}}}\r\n".encode() + raw)
            self._say(f"* {place} FETCH (".encode() + b" ".join(out) + b")")
        return "OK done"

    async def _uid_search(self, words: list[bytes], tag: str) -> str:
        box = self._box
        if box is None:
            return "BAD no folder"
        compact = words[0] == b"RETURN"
        words = words[2:] if compact else words
        if words[0] == b"CHARSET":
            words = words[2:]
        found = list(box.mails)
        turned = False
        while words:
            if words[0].upper() == b"OR":
                (one, first, two, second), words = words[1:5], words[5:]
                keys = ((one.decode().lower(), first), (two.decode().lower(), second))
                found = [mail for mail in found if any(_has(mail, *key) for key in keys)]
                continue
            key, words = words[0].upper(), words[1:]
            if key == b"NOT":
                turned = True
                continue
            chosen: set[int] = set()
            if key == b"SINCE":
                words = words[1:]
                continue
            if key == b"ALL":
                chosen = {mail.uid for mail in box.mails}
            elif key == b"UNDELETED":
                chosen = {mail.uid for mail in box.mails if "\\Deleted" not in mail.flags}
            elif key == b"UID":
                chosen = {mail.uid for mail in self._chosen(words[0])}
                words = words[1:]
            else:
                header, value, words = (
                    (key.decode().lower(), words[0], words[1:])
                    if key in {b"FROM", b"SUBJECT"}
                    else (words[0].decode().lower(), words[1], words[2:])
                )
                chosen = {mail.uid for mail in box.mails if _has(mail, header, value)}
            found = [mail for mail in found if (mail.uid in chosen) is not turned]
            turned = False
        numbers = [str(mail.uid) for mail in found]
        if compact:
            self._say(f'* ESEARCH (TAG "{tag}") UID{" ALL " + ",".join(numbers) if numbers else ""}')
        else:
            self._say(f"* SEARCH {' '.join(numbers)}".rstrip())
        return "OK done"

    async def _uid_store(self, words: list[bytes], tag: str) -> str:
        box = self._box
        assert box is not None
        box.flagged += 1
        flags = set(words[2].decode().strip("()").split())
        for mail in self._chosen(words[0]):
            box.modseq += 1
            mail.modseq = box.modseq
            mail.flags = mail.flags | flags if words[1].startswith(b"+") else mail.flags - flags
            self._seen[mail.uid] = mail.modseq
        await self._server.changed()
        return "OK done"

    async def _uid_copy(self, words: list[bytes], tag: str) -> str:
        return await self._carried(words, keep=True)

    async def _uid_move(self, words: list[bytes], tag: str) -> str:
        return await self._carried(words, keep=False)

    async def _carried(self, words: list[bytes], *, keep: bool) -> str:
        box, target = self._box, words[1].decode()
        assert box is not None
        if target not in self._server.folders:
            return "NO [TRYCREATE] no such folder"
        mails = self._chosen(words[0])
        there = [(await self._server.put(mail.raw, target, mail.flags, mail.at)).uid for mail in mails]
        if not keep:
            await self._server.remove([mail.uid for mail in mails], box.name)
        code = ""
        if "UIDPLUS" in self._server.capabilities:
            old, new = (",".join(str(uid) for uid in uids) for uids in ([mail.uid for mail in mails], there))
            code = f"[COPYUID {self._server.folders[target].validity} {old} {new}] "
        return f"OK {code}done"

    async def _uid_expunge(self, words: list[bytes], tag: str) -> str:
        assert self._box is not None
        gone = [mail.uid for mail in self._chosen(words[0]) if "\\Deleted" in mail.flags]
        await self._server.remove(gone, self._box.name)
        return "OK done"

    async def _append(self, words: list[bytes], tag: str) -> str:
        flags = words[1].decode().strip("()").split() if words[1].startswith(b"(") else []
        await self._server.put(words[-1], words[0].decode(), flags)
        return "OK done"


def _uid(mail: Mail) -> int:
    return mail.uid


def _has(mail: Mail, header: str, value: bytes) -> bool:
    told = message_from_bytes(mail.raw, policy=policy.default).get_all(header)
    if told is None:
        return False
    return value.decode().casefold() in " ".join(str(item) for item in told).casefold()


class _Smtp:
    """One connection."""

    def __init__(self, server: MailServer, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._server, self._reader, self._writer = server, reader, writer
        self._signed_in = False
        self._safe = server.tls is None or server.direct

    async def run(self) -> None:
        self._say("220 double.test ESMTP")
        sender = ""
        recipients: list[str] = []
        while line := (await self._reader.readline()).decode("utf-8", "replace").strip():
            verb = line.split(" ")[0].upper()
            if verb == "EHLO":
                last = f"250 AUTH PLAIN{' XOAUTH2' if self._server.token else ''}" if self._safe else "250 STARTTLS"
                self._say("250-double.test", f"250-SIZE {self._server.size}", "250-8BITMIME", last)
            elif verb == "STARTTLS" and self._server.tls is not None:
                self._say("220 go")
                await self._writer.drain()
                await self._writer.start_tls(self._server.tls)
                self._safe = True
            elif verb == "AUTH":
                self._auth(line)
            elif verb == "MAIL" and self._server.later:
                self._say(self._server.later.pop(0))
            elif verb == "MAIL" and not self._signed_in:
                self._say("530 5.7.0 sign in first")
            elif verb == "MAIL":
                sender, recipients = _spot(line), []
                self._say("250 ok")
            elif verb == "RCPT":
                refused = _spot(line) in self._server.recipients_refused
                recipients += [] if refused else [_spot(line)]
                self._say("550 5.1.1 no such mailbox" if refused else "250 ok")
            elif verb == "DATA":
                self._say("354 go on")
                await self._writer.drain()
                await self._data(sender, recipients)
            elif verb == "QUIT":
                self._say("221 bye")
                return
            else:
                self._say("502 unknown")
            await self._writer.drain()

    def _say(self, *lines: str) -> None:
        self._writer.write("".join(f"{line}\r\n" for line in lines).encode())

    def _auth(self, line: str) -> None:
        told = base64.b64decode(line.split(" ")[2]).decode()
        if " XOAUTH2 " in line:
            self._signed_in = told == f"user={USER}\x01auth=Bearer {self._server.token}\x01\x01"
        else:
            _, user, password = told.split("\0")
            self._signed_in = self._server.accepts and (user, password) == (USER, PASSWORD)
        self._say("235 2.7.0 welcome" if self._signed_in else "535 5.7.8 wrong")

    async def _data(self, sender: str, recipients: list[str]) -> None:
        lines = []
        while (line := await self._reader.readline()) != b".\r\n":
            if not line:
                return
            lines.append(line[1:] if line.startswith(b".") else line)
        raw = b"".join(lines)
        if self._server.after_data.startswith("250"):
            self._server.handed_in.append(raw)
            self._server.envelopes.append((sender, list(recipients)))
            if self._server.keeps_sent:
                await self._server.put(raw, "Sent", ["\\Seen"])
        self._say(self._server.after_data)


def _spot(line: str) -> str:
    return line.partition("<")[2].partition(">")[0]
