"""Spelling: a cache that answers at once, and behind it a process that may be slow, or die, and nobody waits.

Without a dictionary for a language nothing is said of its words. What the cache does not know is asked in the
background; whoever shows texts is told when there is an answer.
"""

import asyncio
import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from workstation.services.background import Background, Sink, log_failure
from workstation.services.dictionaries import Dictionary, best, installed, usual_folders
from workstation.services.hunspell_worker import suggestions, wrong
from workstation.services.observers import Observers
from workstation.services.settings import Settings
from workstation.services.worker import Worker, WorkerDiedError

if TYPE_CHECKING:
    from workstation.store.store import Store

REMEMBERED = 50_000
"""Words whose answer is kept."""
GATHER = 0.12
"""Seconds in which words are gathered before the process is asked: somebody who types asks for one at a time."""
BATCH = 200
PATIENCE = 20.0
"""Seconds that loading a dictionary and looking at a batch may take."""
DEATHS = 3
"""Deaths in a row after which a dictionary is left alone."""
LONGEST = 60
"""Characters of a word; longer ones are none."""

_LETTER = r"[^\W\d_]"
_MARK = "\u0300-\u036f\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed\u0900-\u0903\u093a-\u094f\u200c\u200d"
WORD = re.compile(rf"{_LETTER}(?:{_LETTER}|[{_MARK}]|['’](?={_LETTER}))*")
"""Letters with their marks; an apostrophe joins."""
_UNSPACED = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]"
)


def spelled(word: str) -> str:
    """A word as dictionaries write it: the plain apostrophe."""
    return word.replace("’", "'")


def judged(word: str) -> bool:
    """Whether a speller can say anything of it: scripts without spaces between words are not cut into words here."""
    return 1 < len(word) <= LONGEST and not _UNSPACED.search(word)


class Spelling:
    """One for the desk. `known` is for every keystroke, everything else is not."""

    def __init__(
        self,
        store: "Store",
        settings: Settings,
        profile_folder: Path,
        sink: Sink = log_failure,
        folders: Callable[[], tuple[Path, ...]] = usual_folders,
    ) -> None:
        self._store = store
        self._settings = settings
        self._own_folder = profile_folder
        self._folders = folders
        self._worker = Worker(PATIENCE)
        self._tasks = Background(sink)
        self._dictionaries: tuple[Dictionary, ...] | None = None
        self._chosen: dict[str, Dictionary | None] = {}
        self._answers: dict[tuple[str, str], bool] = {}
        self._asked: dict[str, set[str]] = {}
        self._own: set[tuple[str, str]] | None = None
        self._deaths: dict[str, int] = {}
        self._busy = False
        self._told: Observers[str] = Observers()
        self._seen = (settings.now.spelling, settings.now.dictionary_folders)
        self._end = settings.subscribe(lambda _: self._preferences_changed())

    async def close(self) -> None:
        """End the process."""
        self._end()
        await self._tasks.close()
        await self._worker.close()

    def subscribe(self, callback: Callable[[str], None]) -> Callable[[], None]:
        """Call `callback` with a language when more is known of its words, with "" for all; returns what ends it."""
        return self._told.subscribe(callback)

    # -- for every keystroke ---------------------------------------------------------------------------------------

    def known(self, word: str, language: str) -> bool | None:
        """Whether a word is spelled right; None as long as that is not known. True where there is no dictionary."""
        if not self._settings.now.spelling or not language or not judged(word):
            return True
        if language in self._chosen and self._chosen[language] is None:
            return True
        plain = spelled(word)
        answer = self._answers.get((language, plain))
        if answer is None:
            self._ask(plain, language)
        return answer

    def _ask(self, word: str, language: str) -> None:
        self._asked.setdefault(language, set()).add(word)
        if not self._busy:
            self._busy = True
            self._tasks.spawn(self._drain(), "spelling")

    # -- in the background -----------------------------------------------------------------------------------------

    async def _drain(self) -> None:
        try:
            await asyncio.sleep(GATHER)
            while self._asked:
                language, words = next(iter(self._asked.items()))
                batch = tuple(sorted(words)[:BATCH])
                words.difference_update(batch)
                if not words:
                    del self._asked[language]
                await self._look_up(language, batch)
                self._told.tell(language)
        finally:
            self._busy = False

    async def _look_up(self, language: str, words: tuple[str, ...]) -> None:
        own = await self._own_words()
        asked = tuple(word for word in words if ("", word) not in own and (language, word) not in own)
        dictionary = await self.dictionary(language)
        bad = await self._wrong(dictionary, asked) if dictionary is not None else ()
        if len(self._answers) > REMEMBERED:
            self._answers.clear()
        self._answers |= {(language, word): True for word in words} | {(language, word): False for word in bad}

    async def _wrong(self, dictionary: Dictionary, words: tuple[str, ...]) -> tuple[str, ...]:
        """The unknown ones; nothing is said of words over which the process dies, or while it cannot live."""
        while words and self._deaths.get(dictionary.stem, 0) < DEATHS:
            try:
                bad: tuple[str, ...] = await self._worker.call(wrong, dictionary.stem, words)
            except WorkerDiedError:
                self._deaths[dictionary.stem] = self._deaths.get(dictionary.stem, 0) + 1
            except ValueError:
                self._deaths[dictionary.stem] = DEATHS  # a broken dictionary will not mend itself
            else:
                self._deaths[dictionary.stem] = 0
                return bad
        return ()

    async def dictionary(self, language: str) -> Dictionary | None:
        """The dictionary that judges a language; None if none is installed."""
        if language not in self._chosen:
            self._chosen[language] = best(language, await self.installed())
        return self._chosen[language]

    async def installed(self) -> tuple[Dictionary, ...]:
        """Every dictionary of this machine: the profile's, those of the folders in the settings, the system's."""
        if self._dictionaries is None:
            mine = [self._own_folder, *map(Path, self._settings.now.dictionary_folders)]
            self._dictionaries = await asyncio.to_thread(lambda: installed((*mine, *self._folders())))
        return self._dictionaries

    async def suggest(self, word: str, language: str) -> tuple[str, ...]:
        """What may have been meant, the likeliest first; nothing if nobody knows."""
        dictionary = await self.dictionary(language)
        if dictionary is None or self._deaths.get(dictionary.stem, 0) >= DEATHS:
            return ()
        try:
            found: tuple[str, ...] = await self._worker.call(suggestions, dictionary.stem, spelled(word))
        except (WorkerDiedError, ValueError):
            return ()
        return tuple(each.replace("'", "’") for each in found) if "’" in word else found

    def suggest_to(self, word: str, language: str, tell: Callable[[tuple[str, ...]], None]) -> None:
        """As `suggest`, for whoever cannot wait: `tell` is called with the answer."""

        async def run() -> None:
            tell(await self.suggest(word, language))

        self._tasks.spawn(run(), "suggest")

    # -- own words -------------------------------------------------------------------------------------------------

    async def _own_words(self) -> set[tuple[str, str]]:
        if self._own is None:
            self._own = set(await self._store.languages.own_words())
        return self._own

    async def own_words(self) -> tuple[tuple[str, str], ...]:
        """The words that were taught, as (language, word)."""
        return tuple(sorted(await self._own_words()))

    def add(self, word: str, language: str) -> None:
        """Teach a word, for good."""
        self._tasks.spawn(self.learn(word, language), "learn")

    async def learn(self, word: str, language: str) -> None:
        """As `add`; done when it returns."""
        plain = spelled(word)
        await self._store.languages.learn_word(language, plain)
        (await self._own_words()).add((language, plain))
        self._answers[(language, plain)] = True
        self._told.tell(language)

    async def unlearn(self, word: str, language: str) -> None:
        """Take a taught word back."""
        await self._store.languages.unlearn_word(language, word)
        (await self._own_words()).discard((language, word))
        self._answers.pop((language, word), None)
        self._told.tell(language)

    def forget_loaded(self) -> None:
        """Ask everything again: somebody was erased, or the dictionaries are others."""
        self._own, self._dictionaries = None, None
        self._chosen, self._answers, self._deaths = {}, {}, {}
        self._told.tell("")

    def _preferences_changed(self) -> None:
        seen = (self._settings.now.spelling, self._settings.now.dictionary_folders)
        if seen != self._seen:
            self._seen = seen
            self.forget_loaded()
