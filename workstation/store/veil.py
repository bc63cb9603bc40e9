"""What was erased stays erased: keyed hashes recognise a person in what arrives, and tell nobody who it was.

A message is dropped if it was erased itself, if its author was, or if it shares a post that was. In what others write,
the handle, the names and the addresses of erased people are masked, word by word, by their hashes.
"""

import re
import sqlite3
from collections.abc import Iterable, Iterator, Sequence

import msgspec

from workstation.domain.filters import folded, handle_key
from workstation.domain.messages import Author, Deletion, IncomingMessage, Media, Micros, Reject
from workstation.domain.privacy import Term, TermKind
from workstation.domain.traces import DISTINCT, MASK, is_spaceless
from workstation.store import stones
from workstation.store.rows import json_text, media

REMEMBERED = 50_000
"""Words and authors whose answer is kept."""
_HANDLE = re.compile(r"@?([\w.+-]+@[\w-]+(?:\.[\w-]+)+)")
_LOCAL = re.compile(r"(?<![\w@.-])@([\w.-]*\w)(?![\w@-])")
_ADDRESS = re.compile(r"https?://[^\s\"'<>\])]+", re.IGNORECASE)
_PAGE = re.compile(r"https?://([^/\s]+)/(?:@|users/|u/|profile/|accounts/)([^/\s?#@]+)", re.IGNORECASE)
_WORD = re.compile(r"\w+")
_QUOTED = re.compile(r"^> (\S+@\S+|@\S+):[^\n]*(?:\n>[^\n]*)*", re.MULTILINE)

Spans = list[tuple[int, int]]


def words_of(text: str) -> list[str]:
    """The folded words of a name."""
    return _WORD.findall(folded(text))


def raise_over(connection: sqlite3.Connection, secret: bytes, terms: Iterable[Term], now: Micros) -> None:
    """Recognise these terms from now on."""
    rows: list[tuple[bytes, int, int]] = []
    for term in terms:
        if not term.on:
            continue
        if term.kind is TermKind.WORD:
            words = words_of(term.text)
            if not words:
                continue
            rows.append((stones.term(secret, "word", " ".join(words)), len(words), len(words[0])))
            if len(words) > 1:
                rows.append((stones.term(secret, "first", words[0]), 0, 0))
        else:
            text = term.text.rstrip("/") if term.kind is TermKind.ADDRESS else handle_key(term.text)
            rows.append((stones.term(secret, term.kind.value, folded(text)), 0, 0))
    connection.executemany(
        "INSERT OR IGNORE INTO veils (key, words, length, at) VALUES (?, ?, ?, ?)", [(*row, now) for row in rows]
    )


class _Word(msgspec.Struct, frozen=True, gc=False):
    """A word of a text: folded, where in it single-word terms stand, whether a term of several words begins with it."""

    plain: str
    spans: tuple[tuple[int, int], ...]
    first: bool


class Veil:
    """The writer's memory of what is to be recognised; asks the database only while there is anything."""

    def __init__(self) -> None:
        self._loaded = False
        self._active = False
        self._secret = b""
        self._keys: frozenset[bytes] = frozenset()
        self._counts: tuple[int, ...] = ()
        self._lengths: tuple[int, ...] = ()
        self._masked = False
        self._words: dict[str, _Word] = {}
        self._authors: dict[Author, Author | None] = {}

    def forget(self) -> None:
        """Remember nothing: a transaction was taken back, or something was erased."""
        self.__init__()  # type: ignore[misc]

    def _load(self, connection: sqlite3.Connection) -> bool:
        if self._loaded:
            return self._active
        self._loaded = True
        rows = connection.execute("SELECT key, words, length FROM veils").fetchall()
        self._active = bool(rows) or connection.execute("SELECT 1 FROM tombstones LIMIT 1").fetchone() is not None
        if self._active:
            self._secret = stones.key(connection)
            self._keys = frozenset(row[0] for row in rows)
            self._counts = tuple(sorted({row[1] for row in rows if row[1] > 1}))
            self._lengths = tuple(sorted({row[2] for row in rows if row[1] == 1}))
            self._masked = connection.execute("SELECT 1 FROM masked LIMIT 1").fetchone() is not None
        return self._active

    # -- whole messages --------------------------------------------------------------------------------------------

    def over(
        self, connection: sqlite3.Connection, channel: int, messages: Sequence[IncomingMessage]
    ) -> tuple[Sequence[IncomingMessage], int]:
        """The messages that may be stored, with erased people masked in them, and how many may not."""
        if not messages or not self._load(connection):
            return messages, 0
        gone = self._gone(connection, channel, messages)
        places = {m.address: stones.address(self._secret, m.address) for m in messages if m.address}
        standing = stones.standing(connection, list(places.values()))
        kept = []
        for message in messages:
            writer = self._author(connection, message.author)
            shared = message.subject if message.kind == "boost" else ""
            if writer is None or message.remote_id in gone or shared in gone:
                continue
            if standing and places.get(message.address) in standing:
                continue
            kept.append(self._veiled(connection, channel, message, writer, gone))
        return kept, len(messages) - len(kept)

    def _gone(self, connection: sqlite3.Connection, channel: int, messages: Sequence[IncomingMessage]) -> set[str]:
        ids = {each for m in messages for each in (m.remote_id, m.reply_to, m.branch, m.subject) if each}
        return stones.erased(connection, self._secret, channel, ids)

    def deletions(
        self, connection: sqlite3.Connection, channel: int, told: tuple[Deletion, ...]
    ) -> tuple[Deletion, ...]:
        """The deletions without those of erased messages: their ids must not come back either."""
        if not told or not self._load(connection):
            return told
        gone = stones.erased(connection, self._secret, channel, {each.remote_id for each in told})
        return tuple(each for each in told if each.remote_id not in gone) if gone else told

    def rejects(self, connection: sqlite3.Connection, channel: int, told: tuple[Reject, ...]) -> tuple[Reject, ...]:
        """The rejects, without the ids of erased messages."""
        if not told or not self._load(connection):
            return told
        gone = stones.erased(connection, self._secret, channel, {each.remote_id for each in told if each.remote_id})
        return tuple(self._reject(each, gone) for each in told)

    def _reject(self, told: Reject, gone: set[str]) -> Reject:
        where = self.mask(told.where)
        theirs = told.remote_id in gone or where != told.where
        return Reject(told.code, where, told.size, "" if theirs else told.remote_id)

    def _author(self, connection: sqlite3.Connection, told: Author) -> Author | None:
        """The author as they may be stored; None for one that was erased."""
        if told in self._authors:
            return self._authors[told]
        keys = stones.of_author(self._secret, told)
        marks = ", ".join("?" * len(keys))
        found = connection.execute(f"SELECT 1 FROM tombstones WHERE key IN ({marks}) LIMIT 1", keys).fetchone()
        result = None if found else self._with_name(told)
        if len(self._authors) >= REMEMBERED:
            self._authors.clear()
        self._authors[told] = result
        return result

    def _with_name(self, told: Author) -> Author:
        """A stranger of the same name keeps it; a handle or an address in a name is masked."""
        if not self._keys or ("@" not in told.name and "://" not in told.name):
            return told
        name = self._mask(told.name, words=False)
        return told if name == told.name else msgspec.structs.replace(told, name=name)

    def _veiled(
        self, connection: sqlite3.Connection, channel: int, message: IncomingMessage, writer: Author, gone: set[str]
    ) -> IncomingMessage:
        changed: dict[str, object] = {} if writer is message.author else {"author": writer}
        for name in ("reply_to", "branch", "subject"):
            value = getattr(message, name)
            if value in gone:
                changed[name] = stones.opaque(self._secret, channel, value)
        changed |= self._as_masked(connection, channel, message) or (self._texts(message) if self._keys else {})
        return msgspec.structs.replace(message, **changed) if changed else message

    def _as_masked(
        self, connection: sqlite3.Connection, channel: int, message: IncomingMessage
    ) -> dict[str, object] | None:
        """The stored texts of a message that was masked here and has not changed on the network; None for others."""
        if not self._masked:
            return None
        row = connection.execute(
            "SELECT k.hash, m.text, m.spoiler, m.media, m.mentions FROM messages AS m JOIN masked AS k"
            " ON k.message = m.id WHERE m.channel = ? AND m.remote_id = ?",
            (channel, message.remote_id),
        ).fetchone()
        told = stones.content(
            self._secret, message.text, message.spoiler, json_text(message.media) if message.media else ""
        )
        if row is None or row[0] != told:
            return None
        named = tuple(each for each in message.mentions if not self._is("handle", handle_key(each)))
        return {"text": row[1], "spoiler": row[2], "media": media(row[3]), "mentions": named}

    def _texts(self, message: IncomingMessage) -> dict[str, object]:
        changed: dict[str, object] = {}
        named = tuple(each for each in message.mentions if not self._is("handle", handle_key(each)))
        others = frozenset(handle_key(each).partition("@")[0] for each in named)
        for name in ("text", "spoiler"):
            text = getattr(message, name)
            masked = self.mask(text, others) if text else text
            if masked != text:
                changed[name] = masked
        if named != message.mentions:
            changed["mentions"] = named
        attached = tuple(self._media(each) for each in message.media)
        if attached != message.media:
            changed["media"] = attached
        return changed

    def _media(self, told: Media) -> Media:
        alt = self.mask(told.alt) if told.alt else ""
        return told if alt == told.alt else msgspec.structs.replace(told, alt=alt)

    # -- texts -----------------------------------------------------------------------------------------------------

    def mask(self, text: str, others: frozenset[str] = frozenset()) -> str:
        """A text without erased people; `others` are first parts of handles that are known to mean somebody else."""
        return self._mask(text, others) if self._keys else text

    def _mask(self, text: str, others: frozenset[str] = frozenset(), *, words: bool = True) -> str:
        def handle(found: re.Match[str]) -> str:
            return MASK if self._is("handle", handle_key(found[1])) else found[0]

        def local(found: re.Match[str]) -> str:
            name = folded(found[1])
            return MASK if name not in others and self._is("local", name) else found[0]

        def quoted(found: re.Match[str]) -> str:
            return f"> {MASK}" if self._is("handle", handle_key(found[1])) else found[0]

        if "> " in text:
            text = _QUOTED.sub(quoted, text)
        if "://" in text:
            text = _ADDRESS.sub(self._address, text)
        if "@" in text:
            text = _LOCAL.sub(local, _HANDLE.sub(handle, text))
        return self._mask_words(text) if words and (self._counts or self._lengths) else text

    def _address(self, found: re.Match[str]) -> str:
        address = folded(found[0]).rstrip("/")
        page = _PAGE.match(address)
        if page is not None and self._is("handle", f"{page[2]}@{page[1]}"):
            return MASK
        ends = [at for at, char in enumerate(address) if char in "/?#" and at > 8]
        return MASK if any(self._is("address", address[:end]) for end in (*ends, len(address))) else found[0]

    def _mask_words(self, text: str) -> str:
        spans: Spans = []
        tokens = list(_WORD.finditer(text))
        known = [self._word(token[0]) for token in tokens]
        for at, token in enumerate(tokens):
            if not known[at].spans and not known[at].first:
                continue
            behind = text[token.start() - 1 : token.start()] == "@"  # the beginning of somebody's handle
            spans += [
                (token.start() + start, token.start() + end) for start, end in known[at].spans if start or not behind
            ]
            for count in self._counts if known[at].first else ():
                words = [each.plain for each in known[at : at + count]]
                if len(words) == count and self._is("word", " ".join(words)):
                    spans.append((token.start(), tokens[at + count - 1].end()))
        return _cut(text, spans)

    def _word(self, word: str) -> "_Word":
        """What is known of a word; remembered, because words repeat."""
        known = self._words.get(word)
        if known is None:
            if len(self._words) >= REMEMBERED:
                self._words.clear()
            plain = folded(word)
            first = bool(self._counts) and self._is("first", plain)
            known = self._words[word] = _Word(plain, tuple(self._search_word(word, plain)), first)
        return known

    def _search_word(self, word: str, plain: str) -> Iterator[tuple[int, int]]:
        if len(plain) != len(word):
            if len(plain) in self._lengths and self._is("word", plain):
                yield 0, len(word)
            return
        for length in self._lengths:
            inside = length >= DISTINCT or is_spaceless(plain[:1])
            starts: Iterable[int] = range(len(plain) - length + 1) if inside else ([0] if len(plain) == length else [])
            for start in starts:
                if self._is("word", plain[start : start + length]):
                    yield start, start + length

    def _is(self, kind: str, text: str) -> bool:
        return stones.term(self._secret, kind, text) in self._keys


def _cut(text: str, spans: Spans) -> str:
    """The text with these parts masked; parts may overlap."""
    if not spans:
        return text
    parts, at = [], 0
    for start, end in sorted(spans):
        if end <= at:
            continue
        if start >= at:
            parts += [text[at:start], MASK]
        at = end
    return "".join([*parts, text[at:]])
