"""A Jetstream on loopback, in a process of its own: recorded lines over and over at a rate, each an event of its own.

Prints where it is reached as a line of JSON, then obeys its standard input as `mixed_networks` does. Where the
recordings are not beside the project, lines of the same kinds in the same shares are made up.
"""

import argparse
import asyncio
import json
import sys
import time
from pathlib import Path
from typing import Any

import msgspec

from tests.conformance.bluesky import BlueskyKit
from tests.conformance.doubles.bluesky import iso, now, tid

RECORDED = Path(__file__).resolve().parents[2] / "shared" / "fixtures" / "bluesky" / "jetstream"
STEP = 0.01
"""Seconds between two bursts."""
AUTHORS = 500
"""Accounts that the events are of; looked up when first seen, as on the network."""
SHARES = {"app.bsky.feed.like": 61, "app.bsky.feed.repost": 13, "app.bsky.feed.post": 8, "app.bsky.graph.follow": 9}
TEXT = "Where is my order? It should have been here on Tuesday, and nobody answers the phone."


def templates() -> list[dict[str, Any]]:
    """Events as recorded, or made up."""
    found = [json.loads(line) for path in sorted(RECORDED.glob("*.jsonl")) for line in path.read_text().splitlines()]
    return found or [_made_up(name) for name, count in SHARES.items() for _ in range(count)]


def _made_up(collection: str) -> dict[str, Any]:
    record: dict[str, Any] = {"$type": collection, "createdAt": iso(now())}
    if collection.endswith("post"):
        record |= {"text": TEXT, "langs": ["en"]}
    else:
        record["subject"] = {"uri": "at://did:plc:somebody/app.bsky.feed.post/3mptbyplj5d2a", "cid": "bafyrei"}
    commit = {
        "rev": "",
        "operation": "create",
        "collection": collection,
        "rkey": "",
        "record": record,
        "cid": "bafyrei",
    }
    return {"did": "", "time_us": 0, "kind": "commit", "commit": commit}


def event(template: dict[str, Any], number: int) -> bytes:
    """The template as an event of its own: another author, key and time."""
    at = now()
    made = template | {"did": f"did:plc:author{number % AUTHORS}", "time_us": at}
    if "commit" in template:
        commit = template["commit"] | {"rkey": tid(at + number)}
        if "record" in commit:
            commit["record"] = commit["record"] | {"createdAt": iso(at)}
        made["commit"] = commit
    return msgspec.json.encode(made)


async def serve(rate: float) -> None:
    """Start, tell where, and stream when asked."""
    kit = BlueskyKit()
    kit.firehose = True
    reached = await kit.start()
    config = kit.config(reached)
    print(json.dumps([{"config": msgspec.to_builtins(config), "secret": kit.secret}]), flush=True)
    streaming: asyncio.Task[None] | None = None
    commands = await _lines()
    while line := await commands.readline():
        if streaming is not None:
            streaming.cancel()
            await asyncio.gather(streaming, return_exceptions=True)
        streaming = asyncio.create_task(_stream(kit, rate)) if line.strip() == b"go" else None
    await kit.close()


async def _lines() -> asyncio.StreamReader:
    reader = asyncio.StreamReader()
    loop = asyncio.get_running_loop()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    return reader


async def _stream(kit: BlueskyKit, rate: float) -> None:
    """As many events as the rate wants by now, in small bursts."""
    lines = templates()
    begun = time.monotonic()
    sent = 0
    while True:
        await asyncio.sleep(STEP)
        due = int((time.monotonic() - begun) * rate) - sent
        burst = [event(lines[number % len(lines)], number) for number in range(sent, sent + due)]
        sent += len(burst)
        kit.network.stream_lines(*burst)


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--rate", type=float, default=2_000)
    parser.add_argument("kinds", nargs="*")
    asyncio.run(serve(parser.parse_args().rate))
