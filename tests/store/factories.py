"""Authors, messages and batches for tests: plain makers, and hypothesis strategies of what strangers may send."""

import itertools
from collections.abc import Sequence

from hypothesis import strategies as st

from workstation.domain.channels import ChannelConfig
from workstation.domain.messages import (
    Author,
    Batch,
    Cursor,
    IncomingMessage,
    Kind,
    Mark,
    Media,
    MediaKind,
    Micros,
    Visibility,
)

NOW: Micros = 1_780_000_000_000_000
MINUTE: Micros = 60_000_000
DAY: Micros = 86_400_000_000
OWN = Author("mastodon", "me", "acme@desk.example", "Acme Helps")

_numbers = itertools.count(1)


def author(number: int = 1, **changed: object) -> Author:
    """A customer; the same number is the same account."""
    values: dict[str, object] = {
        "network": "mastodon",
        "remote_id": f"a{number}",
        "handle": f"customer{number}@example.org",
        "name": f"Customer {number}",
    }
    return Author(**(values | changed))  # type: ignore[arg-type]


def message(remote_id: str = "", text: str = "Where is my parcel?", **changed: object) -> IncomingMessage:
    """A customer's post; `own=True` is written by the channel's account."""
    values: dict[str, object] = {
        "remote_id": remote_id or f"r{next(_numbers)}",
        "kind": Kind.POST,
        "author": OWN if changed.get("own") else author(),
        "text": text,
        "created_at": NOW,
    }
    return IncomingMessage(**(values | changed))  # type: ignore[arg-type]


def mention(remote_id: str = "", text: str = "@acme where is my parcel?", **changed: object) -> IncomingMessage:
    """A message that opens a case."""
    return message(remote_id, text, **({"kind": Kind.MENTION} | changed))


def batch(*messages: IncomingMessage, source: str = "mentions", **changed: object) -> Batch:
    """What one answer of a network brought."""
    return Batch(source, tuple(messages), **changed)  # type: ignore[arg-type]


def channel(name: str = "Acme", **changed: object) -> ChannelConfig:
    """A channel that is not stored yet."""
    return ChannelConfig(**({"id": 0, "kind": "mastodon", "name": name} | changed))  # type: ignore[arg-type]


WORDS = (
    "parcel",
    "Straße",
    "STRASSE",
    "ﬁne",
    "東京都",
    "สวัสดี",
    "İstanbul",
    "e\u0301te",
    "été",
    "100%",
    "_",
    "\u202e",
    "\0",
    "\ud800",
)
texts = st.one_of(
    st.lists(st.sampled_from(WORDS), max_size=5).map(" ".join),
    st.text(max_size=30),
    st.text(st.characters(exclude_categories=()), max_size=10),
)
moments = st.one_of(
    st.integers(NOW - 10 * DAY, NOW + DAY),
    st.sampled_from([NOW, NOW - DAY, NOW - 7 * DAY]),
    st.integers(-(2**70), 2**70),
)
languages = st.sampled_from(["", "de", "de-AT", "pt-BR", "zh-Hant", "EN"])
authors = st.builds(
    author,
    st.integers(1, 3),
    name=texts,
    handle=st.sampled_from(["ada", "Ada@example.org", "ÄDA@x.example", ""]),
    bot=st.booleans(),
)
media = st.builds(Media, st.sampled_from(MediaKind), st.just("https://media.example/1.png"), alt=texts)


def messages(remote_ids: Sequence[str] = ("1", "2", "3", "4", "5")) -> st.SearchStrategy[IncomingMessage]:
    """Anything a connector may hand over, among a few remote ids, so that messages meet."""
    ids = st.sampled_from(remote_ids)
    return st.builds(
        IncomingMessage,
        remote_id=ids,
        kind=st.sampled_from(Kind),
        author=authors,
        text=texts,
        created_at=moments,
        branch=st.one_of(st.just(""), ids),
        reply_to=st.one_of(st.just(""), ids),
        address=st.sampled_from(["", "https://example.org/1"]),
        language=languages,
        visibility=st.sampled_from(Visibility),
        spoiler=texts,
        edited_at=st.sampled_from([0, NOW - DAY, NOW]),
        own=st.booleans(),
        marks=st.lists(st.sampled_from(Mark), max_size=3).map(tuple),
        media=st.lists(media, max_size=2).map(tuple),
        mentions=st.lists(st.sampled_from(["ada", "bob@x.example"]), max_size=2).map(tuple),
        subject=st.just(""),
        operation=st.just(""),
    )


def batches(
    sources: Sequence[str] = ("home", "mentions", "hashtag:acme"), largest: int = 4
) -> st.SearchStrategy[Batch]:
    """Batches of such messages from a few sources."""
    return st.builds(
        Batch,
        source=st.sampled_from(sources),
        messages=st.lists(messages(), max_size=largest).map(tuple),
        filtered=st.integers(0, 3),
        cursor=st.one_of(st.none(), st.builds(Cursor, st.just(1), st.text("0123456789", min_size=1, max_size=5))),
        live=st.booleans(),
    )
