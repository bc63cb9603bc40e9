"""Goal 8: from posting on the network to found by search, under 2,000 messages a second.

Marked posts are made by the practice network's control while its scripted traffic runs; after each, search is asked
again and again until it finds it. The way contains the network, the socket, parsing, the commit and the search.
"""

import asyncio
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from benchmarks.harness import Row, child, median, percentile

RATE, POSTS, BAR = 2_000, 120, 250.0
REFERENCE = "keyring:benchmark"


async def _run(rate: int, posts: int) -> dict[str, Any]:
    import aiohttp

    from benchmarks.live import control, network
    from workstation.domain.channels import ChannelConfig
    from workstation.services.desk import open_desk
    from workstation.services.profile import Profile

    with tempfile.TemporaryDirectory() as folder:
        async with network(rate) as hello, open_desk(Profile(Path(folder)), practice=True) as desk:
            desk.secrets.lend(REFERENCE, hello.tokens["agent"])
            settings = {"sources": "public"} | ({"streaming_url": hello.streaming_url} if hello.streaming_url else {})
            config = ChannelConfig(0, "mastodon", "bench", hello.base_url, secret=REFERENCE,
                                   settings=settings)  # fmt: skip
            await desk.store.channels.add(config)
            await desk.start()
            await control(hello, "POST", "resume")
            await asyncio.sleep(3)
            before, start = desk.ingest.received, time.perf_counter()
            ways: list[float] = []
            headers = {"Authorization": f"Bearer {hello.control_token}"}
            async with aiohttp.ClientSession(headers=headers) as session:
                for number in range(posts):
                    ways.append(await _one(session, hello, desk, f"marked{number}x{int(start)}"))
                    await asyncio.sleep(0.02)
            took = time.perf_counter() - start
            return {"p50": percentile(ways, 0.5) * 1000, "p99": percentile(ways, 0.99) * 1000,
                    "rate": (desk.ingest.received - before) / took}  # fmt: skip


async def _one(session: Any, hello: Any, desk: Any, word: str) -> float:
    start = time.perf_counter()
    async with session.post(
        f"{hello.base_url}/practice/post", json={"text": f"a {word} post", "mention": False}
    ) as done:
        done.raise_for_status()
    async with asyncio.timeout(20):
        while not (page := await desk.search.find(word)) or not page.entries:
            await asyncio.sleep(0.002)
    return time.perf_counter() - start


def measure(rounds: int) -> list[Row]:
    """One row."""
    runs = [child("benchmarks.goal_08", str(RATE), str(POSTS)) for _ in range(rounds)]
    p99 = median([run["p99"] for run in runs])
    return [
        Row(
            "8",
            "posted to found by search, p99, at 2,000 msg/s",
            p99,
            "ms",
            f"<= {BAR:.0f} ms",
            p99 <= BAR,
            details={"runs": runs},
        )
    ]


if __name__ == "__main__":
    from benchmarks.live import serve

    serve(lambda: _run(int(sys.argv[1]), int(sys.argv[2])))
