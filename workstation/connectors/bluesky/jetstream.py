"""Jetstream's events (version 1): which of them matter here, and what they become; pure.

Everything that happens on the network passes by, so an event is looked at as little as possible: kind and collection
first, the record of a post only then, a message only of one that is wanted. Every line counts once in the ledger.
"""

import re
from collections.abc import Callable, Iterable
from urllib.parse import urlencode, urlsplit

import msgspec

from workstation.connectors.bluesky import media, parse
from workstation.connectors.bluesky import text as plain
from workstation.connectors.bluesky.addresses import DID, POST, Place, repo
from workstation.connectors.bluesky.entities import ABSENT, Entity, PostRecord, given
from workstation.connectors.bluesky.media import UNREADABLE
from workstation.connectors.bluesky.parse import Parser, Whole
from workstation.domain.errors import ConfigurationError
from workstation.domain.messages import Deletion, IncomingMessage, Micros, Reject
from workstation.domain.text import N_

REWIND: Micros = 5_000_000
"""How far back a stream is resumed: instances of a service do not agree on the microsecond."""
IN_ADDRESS = 80
"""Accounts that are named in the stream's address; more are told once it is open."""
MOST_DIDS = 10_000
EVERYTHING = "*"
NOTHING_WANTED = N_("say what to look for: words, accounts or languages; * for everything")
NO_DID = N_("“{account}” is no account's DID")
NO_STREAM = N_("it must be an address that begins with wss://")

Raw = msgspec.Raw


class Commit(Entity, frozen=True):
    """What became of one record."""

    operation: str
    collection: str
    rkey: str
    record: Raw = ABSENT
    cid: str = ""


class Identity(Entity, frozen=True):
    """An account's handle, as it is now."""

    handle: str = ""


class Event(Entity, frozen=True):
    """One line."""

    did: str
    time_us: int = msgspec.field(name="time_us")
    kind: str
    commit: Commit | None = None
    identity: Identity | None = None


_event = msgspec.json.Decoder(Event)


class Wanted(msgspec.Struct, frozen=True):
    """What is looked for. A post that mentions, answers or quotes us is always wanted."""

    words: tuple[str, ...] = ()
    """Whole words, phrases or #tags, in any case; any of them."""
    dids: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    replies: bool = True
    collections: tuple[str, ...] = (POST,)


def wanted(
    words: Iterable[str], dids: Iterable[str], languages: Iterable[str], replies: bool, collections: Iterable[str] = ()
) -> Wanted:
    """What the settings name; ConfigurationError where that is nothing, which would be the whole network."""
    accounts = tuple(did for did in dids if did)
    for did in accounts:
        if not DID.fullmatch(did):
            raise ConfigurationError(field="jetstream_dids", why=NO_DID.format(account=did[:60]))
    found = Wanted(
        tuple(word for word in words if word),
        accounts[:MOST_DIDS],
        tuple(language.lower() for language in languages if language),
        replies,
        tuple(dict.fromkeys((POST, *(name for name in collections if name)))),
    )
    if not (found.words or found.dids or found.languages):
        raise ConfigurationError(field="jetstream_words", why=NOTHING_WANTED)
    return found


def address(server: str, cursor: Micros, wants: Wanted) -> str:
    """The stream's address; ConfigurationError where the setting is none."""
    text = server.strip()
    text = text if "://" in text else f"wss://{text}"
    parts = urlsplit(text.replace("https://", "wss://", 1).replace("http://", "ws://", 1))
    if parts.scheme not in {"ws", "wss"} or not parts.hostname:
        raise ConfigurationError(field="jetstream", why=NO_STREAM)
    path = parts.path if parts.path not in ("", "/") else "/subscribe"
    query = [("wantedCollections", name) for name in wants.collections]
    if len(wants.dids) <= IN_ADDRESS:
        query += [("wantedDids", did) for did in wants.dids]
    else:
        query.append(("requireHello", "true"))
    if cursor:
        query.append(("cursor", str(max(0, cursor - REWIND))))
    return f"{parts.scheme}://{parts.netloc}{path}?{urlencode(query)}"


def hello(wants: Wanted) -> str:
    """What is sent once the stream is open, where its address could not name all accounts; empty if not needed."""
    if len(wants.dids) <= IN_ADDRESS:
        return ""
    payload = {"wantedCollections": wants.collections, "wantedDids": wants.dids}
    return msgspec.json.encode({"type": "options_update", "payload": payload}).decode()


class Matcher:
    """Tells posts that are wanted from the rest."""

    def __init__(self, wants: Wanted, own: str) -> None:
        self._wants = wants
        self._own = own
        self._everything = not wants.words or EVERYTHING in wants.words
        self._tags = frozenset(word[1:].casefold() for word in wants.words if word.startswith("#"))
        words = [word for word in wants.words if not word.startswith("#") and word != EVERYTHING]
        self._words = _any_of(words) if words else None

    def matches(self, did: str, record: PostRecord) -> bool:
        """Whether a post is wanted."""
        if self._concerns_us(did, record):
            return True
        if record.reply is not None and not self._wants.replies:
            return False
        if self._wants.dids and did not in self._wants.dids:
            return False
        if self._wants.languages and not self._speaks(record.langs or ()):
            return False
        if self._everything or (self._words is not None and self._words(record.text)):
            return True
        return bool(self._tags) and self._is_tagged(record)

    def _concerns_us(self, did: str, record: PostRecord) -> bool:
        reply = record.reply
        if reply is not None and self._own in (repo(reply.parent.uri), repo(reply.root.uri)):
            return True
        own = self._own.encode()
        return did == self._own or any(own in bytes(raw) for raw in (record.facets, record.embed))

    def _speaks(self, languages: Iterable[str]) -> bool:
        return any(
            language.lower() == want or language.lower().startswith(f"{want}-")
            for language in languages
            for want in self._wants.languages
        )

    def _is_tagged(self, record: PostRecord) -> bool:
        named = (*(record.tags or ()), *plain.tags(media.facets(record.facets)))
        return any(tag.casefold() in self._tags for tag in named)


def _any_of(words: list[str]) -> Callable[[str], bool]:
    """Whether a text has one of the words, not as a part of another."""
    pattern = "|".join(
        (r"(?<!\w)" if word[0].isalnum() else "") + re.escape(word) + (r"(?!\w)" if word[-1].isalnum() else "")
        for word in sorted(words, key=len, reverse=True)
    )
    search = re.compile(pattern, re.IGNORECASE).search
    return lambda text: search(text) is not None


class Outcome(msgspec.Struct, gc=False):
    """What one line became: a wanted post, a deletion, a reject, or nothing of these. `at` 0: no time could be read."""

    at: Micros = 0
    post: Whole | None = None
    deletion: Deletion | None = None
    reject: Reject | None = None


class Reader:
    """Reads the lines of one stream."""

    def __init__(self, wants: Wanted, parser: Parser) -> None:
        self._matcher = Matcher(wants, parser.own)
        self._parser = parser

    def read(self, line: bytes) -> Outcome:
        """What a line becomes."""
        try:
            event = _event.decode(line)
        except UNREADABLE:
            return Outcome(reject=parse.reject(line, "jetstream"))
        at = event.time_us if 0 < event.time_us < 1 << 53 else 0
        commit = event.commit
        if commit is None or commit.collection != POST:
            if event.identity is not None:
                self._parser.directory.rename(event.did, event.identity.handle.lower())
            return Outcome(at)
        uri = Place(event.did, commit.collection, commit.rkey).uri
        if commit.operation == "delete":
            return Outcome(at, deletion=Deletion(uri[:3_000], at))
        try:
            return Outcome(at, self._post(event, commit, uri, at))
        except UNREADABLE:
            return Outcome(at, reject=parse.reject(line, "jetstream:post"))

    def _post(self, event: Event, commit: Commit, uri: str, at: Micros) -> Whole | None:
        if not given(commit.record):
            raise ValueError("a commit without its record")
        record = parse.decoded_record(commit.record)
        if not self._matcher.matches(event.did, record):
            return None
        edited = at if commit.operation == "update" else 0
        return Whole(
            uri,
            record,
            self._parser.stranger(event.did),
            commit.cid,
            record.embed,
            at,
            edited_at=edited,
        )

    def message(self, post: Whole) -> IncomingMessage:
        """The message of a wanted post, its author as known by now; raises one of UNREADABLE."""
        return self._parser.message(msgspec.structs.replace(post, author=self._parser.stranger(post.author.remote_id)))
