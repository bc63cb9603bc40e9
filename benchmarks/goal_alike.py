"""Near duplicates: how well waves are found and how fast, against rapidfuzz over a window of the latest 400 posts."""

import time
from collections import deque
from collections.abc import Callable, Iterable

from benchmarks.harness import Row, median
from benchmarks.waves import f1, stream

GOOD, FAST = 0.98, 5_000
WINDOW = 400

Groups = Iterable[Iterable[int]]


def meridian(texts: list[str]) -> Groups:
    """The groups that a column's cards stand for."""
    from workstation.services.likeness import Likeness

    likeness = Likeness()
    for number, text in enumerate(texts):
        likeness.put(number, text)
    return likeness.groups()


def window(texts: list[str]) -> Groups:
    """What one would write first: the closest of the latest posts, joined to its group if it is close enough."""
    from rapidfuzz import fuzz, process

    latest: deque[tuple[str, int]] = deque(maxlen=WINDOW)
    groups: dict[int, list[int]] = {}
    for number, text in enumerate(texts):
        found = process.extractOne(text, [said for said, _group in latest], scorer=fuzz.ratio, score_cutoff=75)
        group = latest[found[2]][1] if found is not None else number
        groups.setdefault(group, []).append(number)
        latest.append((text, group))
    return groups.values()


def _measured(find: Callable[[list[str]], Groups], rounds: int) -> tuple[float, float]:
    scores, speeds = [], []
    for seed in range(rounds):
        posts = stream(seed)
        truth: dict[int, list[int]] = {}
        for number, (wave, _text) in enumerate(posts):
            truth.setdefault(wave, []).append(number)
        texts = [text for _wave, text in posts]
        started = time.process_time()
        groups = list(find(texts))
        speeds.append(len(texts) / (time.process_time() - started))
        scores.append(f1(truth.values(), groups))
    return median(scores), median(speeds)


def measure(rounds: int) -> list[Row]:
    """One row for how well, one for how fast."""
    score, speed = _measured(meridian, rounds)
    other_score, other_speed = _measured(window, rounds)
    return [
        Row("alike", "near duplicates found, F1 of pairs", score, "", f">= {GOOD}", score >= GOOD,
            other_score, score / other_score),
        Row("alike", "near duplicates, posts a second", speed, "/s", f">= {FAST:,}/s", speed >= FAST,
            other_speed, speed / other_speed),
    ]  # fmt: skip
