"""Goal typing: what a key costs the main thread in a reply with two editors, everything on that looks at a text.

The checks between both sides, the counter, the journal, suggestions out of 50,000 remembered segments, a glossary of
500 words and a speller with a dictionary of 20,000. A key's cost is the processor time of the main thread from its
press until the next one can come, less what the window costs in as long a time without keys. After each word one rests
long enough for everything that waits for that (comparing, suggestions, journal, laying out what was found). That is no
cost of a key, but the next one may have to wait for it: the longest stretches of it are told beside the figure.
"""

import asyncio
import random
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.harness import Row, answer, child, median, percentile

if TYPE_CHECKING:
    from tests.views.desk_world import World
    from workstation.services.desk import Desk
    from workstation.services.profile import Profile

KEYS, BAR = 500, 5.0
SEGMENTS, TERMS, WORDS = 50_000, 500, 20_000
BETWEEN, RESTING = 0.06, 0.6
"""Seconds between keys, of somebody who types very fast, and after a word."""
SETTLED = 10
"""Seconds until a desk that was just started has done what it does then, besides."""
_SYLLABLES = ("ka", "lo", "mi", "ret", "sun", "par", "cel", "ter", "ong", "ibe", "dra", "fel", "nou", "vis", "ham")


def _words(count: int, rng: random.Random) -> list[str]:
    found: dict[str, None] = {}
    while len(found) < count:
        found["".join(rng.choices(_SYLLABLES, k=rng.randint(2, 4)))] = None
    return list(found)


def _sentence(words: list[str], rng: random.Random) -> str:
    said = " ".join(rng.choices(words, k=rng.randint(6, 14)))
    return f"{said.capitalize()} {rng.randint(2, 9_999)}."


def _dictionary(profile: "Profile", words: list[str]) -> None:
    profile.dictionaries.mkdir(parents=True, exist_ok=True)
    (profile.dictionaries / "en_US.aff").write_text("SET UTF-8\n", encoding="utf-8")
    listed = "\n".join((str(len(words)), *words, ""))
    (profile.dictionaries / "en_US.dic").write_text(listed, encoding="utf-8")


async def _furnish(desk: "Desk", words: list[str], rng: random.Random) -> None:
    from workstation.domain.memory import Segment, Term

    _dictionary(desk.profile, words)
    segments = (
        Segment("en", "de", _sentence(words, rng), _sentence(words, rng), used_at=number) for number in range(SEGMENTS)
    )
    await desk.memory.take(segments)
    terms = (Term("en", "de", word, word[::-1]) for word in words[: TERMS - 20])
    kept = (Term("", "", f"Meridian {word}") for word in words[:20])
    await desk.store.languages.swap_terms((), (*terms, *kept))
    desk.terms.forget_loaded()


async def _measure(world: "World", network: Any) -> dict[str, Any]:
    from PySide6.QtTest import QTest

    from tests.views.test_languages import begin_reply

    rng = random.Random(5)
    words = _words(WORDS, rng)
    await _furnish(world.desk, words, rng)
    network.post("Wann kommt mein Paket 4711?", language="de")
    await begin_reply(world)
    bench = world.bench
    view = bench.composer.view
    await world.until(lambda: view.two and view.editor.hasFocus(), "two editors")
    await world.until(lambda: bench.composer.sides.agreement.glossary, "the glossary")
    start = " ".join(_sentence(words, rng) for _ in range(4))
    view.target.text.insertPlainText(start)
    view.editor.insertPlainText(start + " ")
    await asyncio.sleep(SETTLED)
    text = " ".join(_sentence(words, rng) for _ in range(20))[:KEYS]
    costs, stretches = [], Stretches()
    for letter in text:
        costs.append(await _cost(partial(QTest.keyClicks, view.editor, letter)))
        if letter == " ":
            await asyncio.sleep(RESTING)
    longest = stretches.end()
    # What the window does when nobody types is no cost of a key.
    idle = median([await _cost(lambda: None) for _ in range(100)])
    shown = {"findings": len(view.strip.findings), "offers": len(view.strip.offers)}
    return {"costs": [max(0.0, cost - idle) for cost in costs], "idle": idle, "longest": longest} | shown


async def _cost(work: Callable[[], object]) -> float:
    """Milliseconds of this thread that work costs, with what follows until the next key can come."""
    before = time.thread_time()
    work()
    await asyncio.sleep(BETWEEN)
    return (time.thread_time() - before) * 1_000


class Stretches:
    """The processor time of each turn of the event loop, from one sleep to the next."""

    def __init__(self) -> None:
        from PySide6.QtCore import QAbstractEventDispatcher

        self._dispatcher = QAbstractEventDispatcher.instance()
        self._slept, self._found = time.thread_time(), [0.0]
        self._dispatcher.aboutToBlock.connect(self._sleep)

    def _sleep(self) -> None:
        now = time.thread_time()
        self._found.append((now - self._slept) * 1_000)
        self._slept = now

    def end(self) -> list[float]:
        """Stop; the ten longest, in milliseconds."""
        self._dispatcher.aboutToBlock.disconnect(self._sleep)
        return sorted(self._found)[:-11:-1]


def typing() -> dict[str, Any]:
    """The child: a window on a practice network of its own."""
    from tests.practice_network import network_in_thread
    from tests.views.desk_world import run
    from workstation.practice.options import Options

    found: dict[str, Any] = {}
    with network_in_thread(Options(rate=0.0, backlog=0)) as network, tempfile.TemporaryDirectory() as folder:

        async def work(world: "World") -> None:
            found.update(await _measure(world, network))

        run(Path(folder), network, work, two_sides=True)
    return found


def measure(rounds: int) -> list[Row]:
    """One row."""
    del rounds
    found: dict[str, Any] = child("benchmarks.goal_typing", timeout=600)
    p99 = percentile(found["costs"], 0.99)
    details = {"p50": median(found["costs"]), "max": max(found["costs"]), "keys": KEYS}
    details |= {"idle": found["idle"], "longest": found["longest"]}
    what = f"a key in a translated reply, main thread, p99 of {KEYS}"
    return [Row("typing", what, p99, "ms", f"<= {BAR:g} ms", p99 <= BAR, details=details)]


if __name__ == "__main__":
    answer(typing())
