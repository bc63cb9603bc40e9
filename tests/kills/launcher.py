"""Starts lives of a desk, ends each at its appointed place, and at last counts what was lost and what was doubled."""

import asyncio
import contextlib
import json
import random
import sqlite3
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

import msgspec

from tests.kills.proxy import Cut, Proxy
from tests.kills.victim import Account, Orders, begin
from tests.lives import Life
from workstation.services.practice import PracticeNetwork
from workstation.services.profile import Profile

FIRST_COMMITS = 12
"""Kills at COMMITs go through this many first ones of a life, again and again: migration, outbox, catch-up, sends."""
PORTIONS = 5
SECONDS = 30.0
"""For a life whose place never comes; the others are over when it does."""
ENOUGH = 120.0
"""Seconds for a life that is to end by itself."""
ROUNDING = 60
"""Bytes that answers differ in length by; a cut beyond the end would never come."""


@dataclass
class Tally:
    """What came of it."""

    kills: Counter[str] = field(default_factory=Counter)
    lives: int = 0
    emitted: int = 0
    stored: int = 0
    lost: list[str] = field(default_factory=list)
    replies: int = 0
    sent: int = 0
    doubled: list[str] = field(default_factory=list)
    decided: int = 0
    """Sent again by explicit decision, after looking in vain."""
    left_unknown: int = 0

    @property
    def killed(self) -> int:
        """Lives that were ended where they were to be."""
        return sum(self.kills.values())


class Launcher:
    """One practice network, one profile, many lives."""

    def __init__(
        self, folder: Path, *, idempotent: bool, kills: int, messages: int, replies: int, seed: int, anew: bool = False
    ) -> None:
        self._profile = Profile(folder / "profile")
        self._idempotent = idempotent
        self._kills = kills
        self._messages = messages
        self._replies = replies
        self._random = random.Random(seed)
        self._seed = seed
        self._begin = Life.anew if anew else Life
        self._life: Life | None = None
        self._commits = 0
        self._living = False
        self._heard = asyncio.Event()
        """The life has stored messages, or is over."""
        self.tally = Tally()

    async def run(self) -> Tally:
        """All of it."""
        network = await PracticeNetwork.start(
            (
                *("--seed", str(self._seed), "--backlog", "10", "--total", str(self._messages), "--paused"),
                *("--no-replies", "--idempotency", "on" if self._idempotent else "off"),
            )
        )
        where = urlsplit(network.hello.base_url)
        proxy = Proxy(where.hostname or "", where.port or 0, self._strike)
        try:
            port = await proxy.start()
            orders = Orders(
                profile=str(self._profile.root),
                url=f"http://127.0.0.1:{port}",
                token=network.hello.tokens["agent"],
                idempotency="key" if self._idempotent else "none",
                seconds=SECONDS,
            )
            await self._rounds(network, proxy, orders)
            await self._count(network)
        finally:
            await proxy.close()
            await network.close()
        return self.tally

    async def _rounds(self, network: PracticeNetwork, proxy: Proxy, orders: Orders) -> None:
        # One that ends as soon as it is live: the sources get their cursors.
        await self._one_life(msgspec.structs.replace(orders, seconds=ENOUGH, finish=True))
        places = self._places()
        played = allowed = 0
        for number, place in enumerate(places, 1):
            share = self._messages * number // len(places) - played
            played += share
            allowed += place in ("request", "answer")
            # The messages come while the life runs, not before it and not after it.
            self._heard.clear()
            self._living = True
            traffic = asyncio.create_task(self._play(network, share))
            await self._killed_life(proxy, msgspec.structs.replace(orders, replies=allowed), place)
            self._living = False
            self._heard.set()
            await traffic
        last = msgspec.structs.replace(orders, replies=self._replies, seconds=ENOUGH, finish=True)
        life = await self._one_life(last)
        assert life is not None, "the last life was to end by itself"
        self.tally.sent, self.tally.left_unknown, self.tally.decided = life.sent, life.unknown, len(life.resent)

    def _places(self) -> list[str]:
        """A send is cut once for each reply, at a byte of its request or of its answer; the rest are COMMITs."""
        sends = [("request", "answer")[index % 2] for index in range(min(self._replies, self._kills))]
        commits = [("before", "after")[index % 2] for index in range(self._kills - len(sends))]
        places = sends + commits
        self._random.shuffle(places)
        return places

    async def _killed_life(self, proxy: Proxy, orders: Orders, place: str) -> None:
        if place in ("before", "after"):
            self._commits += 1
            orders.commit, orders.after = self._commits // 2 % FIRST_COMMITS + 1, place == "after"
        else:
            first, last = (1, proxy.lengths.request) if place == "request" else (0, proxy.lengths.answer - ROUNDING)
            proxy.cut = Cut(place, self._random.randint(first, last))
        life = await self._one_life(orders)
        proxy.cut = None
        if life is None:
            self.tally.kills[place] += 1

    async def _one_life(self, orders: Orders) -> Account | None:
        """Start one; what it said at its end, or None if it was killed."""
        self.tally.lives += 1
        life = self._life = self._begin(begin, orders)
        try:
            last = await asyncio.to_thread(self._listen, life, asyncio.get_running_loop())
        finally:
            self._life = None
            killed = await asyncio.to_thread(life.end)
        return None if killed else msgspec.json.decode(last, type=Account)

    def _listen(self, life: Life, loop: asyncio.AbstractEventLoop) -> str:
        """Hear what a life says until its end; its last words."""
        last = ""
        for line in life.listen():
            if line == ".":
                loop.call_soon_threadsafe(self._heard.set)
            else:
                last = line
        return last

    def _strike(self) -> None:
        if self._life is not None:
            self._life.kill()

    async def _play(self, network: PracticeNetwork, count: int) -> None:
        """Let `count` messages happen in portions, each after the one before has come to somebody who lives."""
        for part in range(PORTIONS):
            share = count * (part + 1) // PORTIONS - count * part // PORTIONS
            if not share:
                continue
            await asyncio.to_thread(control, network, "step", {"count": share})
            await self._heard.wait()
            if self._living:
                self._heard.clear()

    async def _count(self, network: PracticeNetwork) -> None:
        expected = await asyncio.to_thread(_everything, network)
        connection = sqlite3.connect(self._profile.database)
        with contextlib.closing(connection):
            stored = {row[0] for row in connection.execute("select remote_id from messages")}
            rows = connection.execute("select text, state from outbox").fetchall()
        tally = self.tally
        tally.emitted, tally.stored = len(expected), len(stored & expected)
        tally.lost = sorted(expected - stored)
        tally.replies = len(rows)
        posts = await asyncio.to_thread(control, network, "statistics")
        made: Counter[str] = Counter()
        for line in posts["posts"]:
            made[line["text"]] += len(set(line["created"]))
        tally.doubled = sorted(text for text, count in made.items() if count > 1)


def control(network: PracticeNetwork, name: str, values: dict[str, Any] | None = None) -> dict[str, Any]:
    """Ask the control API of the network."""
    hello = network.hello
    data = json.dumps(values).encode() if values is not None else None
    headers = {"Authorization": f"Bearer {hello.control_token}", "Content-Type": "application/json"}
    request = Request(f"{hello.control_url}/{name}", data, headers)  # noqa: S310 - our own loopback server
    with urlopen(request, timeout=30) as answer:  # noqa: S310
        found: dict[str, Any] = json.load(answer)
        return found


def _everything(network: PracticeNetwork) -> set[str]:
    """Every status that the network has shown to the desk's sources, asked of the API without our connector."""
    return {
        *_pages(network, "/api/v1/timelines/home", lambda item: str(item["id"])),
        *_pages(network, "/api/v1/notifications?types[]=mention", lambda item: str(item["status"]["id"])),
    }


def _pages(network: PracticeNetwork, path: str, ident: Any) -> set[str]:
    found: set[str] = set()
    below = ""
    while True:
        mark = "&" if "?" in path else "?"
        url = f"{network.hello.base_url}{path}{mark}limit=40" + (f"&max_id={below}" if below else "")
        request = Request(url, headers={"Authorization": f"Bearer {network.hello.tokens['agent']}"})  # noqa: S310
        with urlopen(request, timeout=30) as answer:  # noqa: S310
            items = json.load(answer)
        if not items:
            return found
        found |= {ident(item) for item in items if not item.get("reblog")}
        below = str(items[-1]["id"])
