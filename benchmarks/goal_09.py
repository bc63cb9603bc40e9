"""Goal 9: search at a million messages, prefixes included, against LIKE over the same rows.

Both run on the same file in the same process, in turns. Meridian's times are those of the caller: they contain the
way to the reader thread and back, and reading the rows found. LIKE gets the help of the index on the time, newest
first and as many rows; it is still a scan wherever the word is rare.
"""

import asyncio
import sqlite3
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.harness import FRAME, Row, answer, child, median, percentile
from benchmarks.history import add_channel, fill, opened
from workstation.services.feed import Feed

MESSAGES = 1_000_000
LIMIT = 50
QUERIES = (
    "kettle", "refund", "invoice", "bestellung", "pakket", "customer4711", "customer17",
    "kettle refund", "bestellung versprochen", "pedido error", "invoice map", "lantern zipper stove",
    "ket", "ref", "be", "k", "c", "custo", "order 12", "kettle re", "invoice 99",
    "注文", "届きません", "订单", "طلبي", "ההזמנה", "ऑर्डर",
    "987654", "123456", "nothinglikeit", "kettle nothinglikeit",
)  # fmt: skip
LIKE_QUERIES = ("kettle refund", "customer4711", "987654", "注文", "nothinglikeit", "ket")


async def _run(count: int, rounds: int) -> dict[str, object]:
    with tempfile.TemporaryDirectory() as folder:
        store = await opened(Path(folder), Feed())
        channel = await add_channel(store)
        await fill(store, channel, count)
        plain = sqlite3.connect(Path(folder) / "desk.sqlite")
        times: list[float] = []
        like: list[float] = []
        ours: list[float] = []
        slowest: dict[str, float] = {}
        for query in QUERIES:
            await store.search.find(query, LIMIT)
        for _ in range(rounds):
            for query in QUERIES:
                took = await _search(store, query)
                times.append(took)
                slowest[query] = max(took, slowest.get(query, 0))
            for query in LIKE_QUERIES:
                ours.append(await _search(store, query))
                like.append(_like(plain, query))
        plain.close()
        await store.close()
    worst = sorted(slowest.items(), key=lambda item: -item[1])[:5]
    ratios = [theirs / mine for theirs, mine in zip(like, ours, strict=True)]
    return {"times": times, "like": like, "ours": ours, "ratios": ratios, "slowest": dict(worst)}


async def _search(store: object, query: str) -> float:
    start = time.perf_counter()
    await store.search.find(query, LIMIT)  # type: ignore[attr-defined]
    return time.perf_counter() - start


def _like(connection: sqlite3.Connection, text: str) -> float:
    words = text.split()
    where = " AND ".join("(m.text LIKE ? OR a.handle LIKE ?)" for _ in words)
    values = [value for word in words for value in (f"%{word}%", f"%{word}%")]
    rows = "SELECT m.id, m.text, a.handle FROM messages m JOIN authors a ON a.id = m.author"
    query = f"{rows} WHERE {where} ORDER BY m.id DESC LIMIT ?"
    start = time.perf_counter()
    connection.execute(query, (*values, LIMIT)).fetchall()
    return time.perf_counter() - start


def measure(rounds: int) -> list[Row]:
    """Two rows: p99 of all queries, and the total time against LIKE."""
    found = child("benchmarks.goal_09", str(MESSAGES), str(max(rounds, 5)), timeout=900)
    p99 = percentile(found["times"], 0.99) * 1000
    ratio = sum(found["like"]) / sum(found["ours"])
    details = {"slowest": found["slowest"], "p50": median(found["times"]) * 1000, "ratios": found["ratios"]}
    return [
        Row("9", "search in 1M messages, p99, prefixes included", p99, "ms", "<= 16.7 ms",
            p99 <= FRAME * 1000, details=details),
        Row("9", "search against LIKE, mean", sum(found["ours"]) / len(found["ours"]) * 1000, "ms", ">= 40x",
            ratio >= 40, sum(found["like"]) / len(found["like"]) * 1000, ratio),
    ]  # fmt: skip


if __name__ == "__main__":
    answer(asyncio.run(_run(int(sys.argv[1]), int(sys.argv[2]))))
