"""Articles that agents look things up in, kept on this desk, and guidelines on how the team writes."""

import re
from enum import StrEnum

import msgspec

from workstation.domain.messages import Micros

DAY: Micros = 86_400_000_000
STALE_AFTER: Micros = 180 * DAY
"""An article that nobody has touched for so long is to be checked before it is quoted."""
_WORD = re.compile(r"[^\W_]{2,}")
_DENSE = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff]{2,}")
_MOST_WORDS = 40


class Article(msgspec.Struct, frozen=True, gc=False):
    """One article as plain text; unique by (shelf, path). `id` is 0 until it is stored."""

    id: int
    shelf: str
    """The folder it was read from, by name."""
    path: str
    """Its file inside that folder, with slashes."""
    title: str
    text: str
    link: str = ""
    """Where it is published, http or https, or empty."""
    language: str = ""
    """BCP 47, or empty if it is not known."""
    updated_at: Micros = 0
    """When its content was last changed."""

    def stale(self, now: Micros) -> bool:
        """Whether it is so old that it has to be checked."""
        return bool(self.updated_at) and now - self.updated_at > STALE_AFTER


class Hit(msgspec.Struct, frozen=True, gc=False):
    """An article that was found, with the passage that speaks of it and the words they share."""

    article: Article
    passage: str = ""
    words: tuple[str, ...] = ()


class Shelf(msgspec.Struct, frozen=True, gc=False):
    """A folder of articles that was read in: its name, how many it holds, when it was read, where it lies."""

    name: str
    articles: int
    imported_at: Micros
    place: str = ""


class Guideline(msgspec.Struct, frozen=True, gc=False):
    """How the team writes on a channel; channel 0 is the whole desk."""

    channel: int
    text: str
    updated_at: Micros = 0


class Change(StrEnum):
    """What an import would do to one thing."""

    NEW = "new"
    CHANGED = "changed"
    SAME = "same"
    GONE = "gone"
    """It is stored, and the folder no longer has it."""


def words_of(texts: tuple[str, ...]) -> tuple[str, ...]:
    """The words that a search for articles may go by, each once, in order; nothing of addresses and handles.

    Scripts without blanks are taken two signs at a time, as the index has them.
    """
    found: dict[str, None] = {}
    for text in texts:
        for token in text.split():
            if "://" in token or token.startswith("@"):
                continue
            for word in _WORD.findall(token):
                dense = _DENSE.search(word)
                if dense is not None:
                    found.update(dict.fromkeys(dense[0][at : at + 2] for at in range(len(dense[0]) - 1)))
                elif not word.isdigit():
                    found[word.casefold()] = None
    return tuple(found)[:_MOST_WORDS]


def passage(text: str, words: tuple[str, ...], most: int = 320) -> str:
    """The paragraph of a text that has most of these words, cut at a word if it is long; else the first one."""
    paragraphs = [part.strip() for part in re.split(r"\n\s*\n", text) if part.strip()]
    if not paragraphs:
        return ""
    best = max(paragraphs, key=lambda part: sum(word in part.casefold() for word in words))
    if len(best) <= most:
        return best
    cut = best[:most]
    return f"{cut.rsplit(None, 1)[0] if ' ' in cut else cut}…"


QUOTES = {
    "de": "„“", "cs": "„“", "pl": "„”", "fr": "«»", "es": "«»", "it": "«»", "pt": "“”", "ru": "«»", "uk": "«»",
    "ar": "«»", "fa": "«»", "ja": "「」", "zh": "“”", "nl": "‘’",
}  # fmt: skip


def quoted(text: str, language: str = "") -> str:
    """A passage in the quotation marks of a language, on one line."""
    marks = QUOTES.get(language.split("-", 1)[0].lower(), "“”")
    gap = "\u00a0" if language[:2].lower() == "fr" else ""
    return f"{marks[0]}{gap}{' '.join(text.split())}{gap}{marks[1]}"
