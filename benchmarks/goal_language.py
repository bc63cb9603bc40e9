"""Languages of posts: how often they are found, against the best of the others here, and how many a second.

With labelled posts beside the repository; without them only the rate is measured, over the practice network's posts.
"""

import time
from collections.abc import Sequence
from typing import TypeVar

from benchmarks.harness import Row, interleaved, median
from benchmarks.languages import EIGHT, TWENTY, Answer, chosen, detectors, meridian, posts, py3langid, score

T = TypeVar("T")
FAST = 2_000
SOURCES = ("Tatoeba", "sentences", "xSID")
DRAWN = 1_500
"""Posts of each source, every n-th of those that there are: the whole tables are made by `benchmarks.languages`."""
WITHOUT = (
    "Where is my parcel? I have been waiting for three weeks now.",
    "Wo bleibt meine Bestellung? Ich warte seit drei Wochen.",
    "¿Dónde está mi pedido? Llevo tres semanas esperando.",
    "注文した商品がまだ届きません。",
    "أين طلبي؟ أنتظر منذ ثلاثة أسابيع",
)


def _thinned(values: Sequence[T], number: int) -> Sequence[T]:
    return values[:: max(1, len(values) // number)][:number]


def _rate(answer: Answer, texts: Sequence[str]) -> float:
    started = time.process_time()
    for text in texts:
        answer(text)
    return len(texts) / (time.process_time() - started)


def measure(rounds: int) -> list[Row]:
    """A row for each set of candidates and length, and one for the rate on one core."""
    known = list(posts())
    rows: list[Row] = []
    for candidates in (TWENTY, EIGHT) if known else ():
        answers = {name: make(candidates) for name, make in detectors().items()}
        for longest in (60, 140):
            means: dict[str, float] = {}
            for name, answer in answers.items():
                asked = [_thinned(chosen(candidates, source, longest, known), DRAWN) for source in SOURCES]
                means[name] = sum(score(answer, each).share for each in asked) / len(asked)
            best = max(mean for name, mean in means.items() if name != "Meridian")
            ours = means["Meridian"]
            what = f"posts <= {longest}, {len(candidates)} candidates, mean of {len(SOURCES)} sources"
            rows.append(
                Row("language", what, ours, "%", ">= the best other", ours >= best, best, ours / best, dict(means))
            )
    texts = [post.text for post in known if post.source != "one word" and len(post.text) <= 140]
    texts = list(_thinned(texts, 4_000)) or list(WITHOUT) * 400
    ours_of, theirs_of = meridian(TWENTY), py3langid(TWENTY)
    rates = interleaved(rounds, {"ours": lambda: _rate(ours_of, texts), "theirs": lambda: _rate(theirs_of, texts)})
    speed, other = median(rates["ours"]), median(rates["theirs"])
    bar = f">= {FAST:,}/s"
    rows.append(Row("language", "posts a second on one core", speed, "/s", bar, speed >= FAST, other, speed / other))
    return rows
