"""What the spelling process does: it holds dictionaries, which take long to load, and whose search cannot be stopped.

Runs in a process of its own: hunspell keeps the interpreter to itself while it thinks, up to a second for a suggestion.
"""

from functools import lru_cache
from importlib import import_module
from pathlib import Path
from typing import Protocol, cast

LOADED = 4
"""Dictionaries that are kept at once."""
SUGGESTIONS = 7


class Engine(Protocol):
    """What hunspell and its double in Python have in common."""

    def spell(self, word: str) -> bool:
        """Whether the word is one."""

    def suggest(self, word: str) -> tuple[str, ...]:
        """What may have been meant, the likeliest first."""


class _InPython:
    """The same rules in Python, slower, where no compiled hunspell is offered for the machine."""

    def __init__(self, stem: str) -> None:
        self._dictionary = import_module("spylls.hunspell").Dictionary.from_files(stem)

    def spell(self, word: str) -> bool:
        return bool(self._dictionary.lookup(word))

    def suggest(self, word: str) -> tuple[str, ...]:
        from itertools import islice

        return tuple(islice(self._dictionary.suggest(word), SUGGESTIONS))


@lru_cache(maxsize=LOADED)
def _engine(stem: str) -> Engine:
    path = Path(stem)
    try:
        from hunspell.hunspell import HunspellWrap
    except ImportError:
        return _InPython(stem)
    # On Windows hunspell takes paths in UTF-8, whatever the system's code page; elsewhere they are in it anyway.
    return cast("Engine", HunspellWrap(path.name, str(path.parent), "UTF-8"))


def wrong(stem: str, words: tuple[str, ...]) -> tuple[str, ...]:
    """Those of the words that the dictionary (a path without its ending) does not know."""
    engine = _engine(stem)
    return tuple(word for word in words if not _known(engine, word))


def _known(engine: Engine, word: str) -> bool:
    try:
        return engine.spell(word)
    except UnicodeError:
        return True  # letters that the dictionary's character set does not have: it cannot judge them


def suggestions(stem: str, word: str) -> tuple[str, ...]:
    """What may have been meant, the likeliest first."""
    try:
        return tuple(_engine(stem).suggest(word))[:SUGGESTIONS]
    except UnicodeError:
        return ()
