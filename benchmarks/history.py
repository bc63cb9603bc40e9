"""A store with a long history, filled through the workstation's own ingest."""

import random
from pathlib import Path

from benchmarks.statuses import MIDDLES, OPENINGS, WORDS
from workstation.domain.channels import ChannelConfig
from workstation.domain.messages import Author, Batch, Cursor, IncomingMessage, Kind
from workstation.services.feed import Feed
from workstation.store.store import Store

HOUR = 3_600_000_000
START = 1_780_000_000_000_000
LANGUAGES = ("en", "de", "nl", "fr", "es", "ar", "he", "ja", "zh", "hi")


def message(number: int, chance: random.Random, kind: Kind = Kind.POST) -> IncomingMessage:
    """A parsed message with this number; its time grows with it, a second each."""
    order, customer = chance.randrange(10**6), chance.randrange(5000)
    words = " ".join(chance.choices(WORDS, k=3))
    opening = chance.randrange(len(OPENINGS))
    return IncomingMessage(
        remote_id=str(110_000_000_000_000_000 + number),
        kind=kind,
        author=Author("mastodon:practice.invalid", str(customer), f"customer{customer}", f"Customer {customer}"),
        text=f"{OPENINGS[opening].format(n=order)}, {chance.choice(MIDDLES)}: {words} {order % 997}",
        created_at=START + number * 1_000_000,
        language=LANGUAGES[opening],
    )


async def add_channel(store: Store, name: str = "bench") -> ChannelConfig:
    """The channel that everything belongs to."""
    await store.channels.add(ChannelConfig(0, "mastodon", name, server="https://practice.invalid"))
    found = await store.channels.by_name(name)
    if found is None:
        raise RuntimeError("the channel was not stored")
    return found


async def fill(store: Store, channel: ChannelConfig, count: int, first: int = 0, seed: int = 1) -> None:
    """Store `count` messages in batches, as a catch-up would."""
    chance = random.Random(seed)
    for start in range(first, first + count, 1_000):
        messages = tuple(message(n, chance) for n in range(start, min(start + 1_000, first + count)))
        await store.messages.accept(channel, Batch("public", messages, cursor=Cursor(1, str(start))))


async def opened(folder: Path, feed: Feed) -> Store:
    """A new store in `folder`."""
    return await Store.open(folder / "desk.sqlite", feed.publish)
