"""What may be softened for whoever looks at it all day: words and pictures, and how much of it there was.

All of it is off at first. Nothing here is stored or told to anybody: counts live as long as the program runs, on the
screen of the one they are about.
"""

import re
from collections import Counter
from collections.abc import Callable, Sequence
from enum import StrEnum
from functools import lru_cache

from workstation.domain.cases import Entry
from workstation.domain.messages import Mark, Message, Micros
from workstation.services.clock import MINUTE, Clock
from workstation.services.observers import Observers

COVER = "•••"
"""What stands for a muted word."""
MOST_WORDS = 200
LONGEST = 60
IDLE: Micros = 5 * MINUTE
"""Whoever does nothing for so long has taken a break."""
_GORE = (
    "gore|graphic|violence|violent|blood\\w*|injur\\w*|corpse\\w*|dead bod\\w*|"
    "gewalt\\w*|blut\\w*|verletz\\w*|leiche\\w*|"
    "geweld\\w*|bloed\\w*|sanglant\\w*|blessure\\w*|cadavre\\w*|sangre|violencia|herida\\w*|sangue|violenza|"
    "violência|ferid\\w*|krew|przemoc\\w*|zwłok\\w*|şiddet\\w*|yara\\w*|دم|دماء|عنف|جثة|דם|אלימות|גופה|"
    "血|暴力|遺体|尸体|流血|グロ|खून|हिंसा"
)
_GORE_WORDS = re.compile(rf"(?<!\w)(?:{_GORE})(?!\w)|血|暴力|遺体|尸体|グロ", re.IGNORECASE)


class Look(StrEnum):
    """How pictures of strangers are shown."""

    PLAIN = "plain"
    GREY = "grey"
    BLUR = "blur"
    HIDDEN = "hidden"


class Seen(StrEnum):
    """What is counted."""

    CASES = "cases"
    PICTURES = "pictures"
    CLEAR = "clear"
    """Pictures that were shown clearly although they were softened."""
    MARKED = "marked"
    """Pictures marked as sensitive."""


@lru_cache(maxsize=8)
def pattern(words: tuple[str, ...]) -> re.Pattern[str] | None:
    """One pattern for all muted words: whole words, ``*`` stands for further letters, case does not matter."""
    parts = []
    for word in words[:MOST_WORDS]:
        bare = word.strip()[:LONGEST]
        if bare.strip("*"):
            body = r"\w*".join(re.escape(part) for part in bare.split("*"))
            # Scripts without spaces have no edges of words.
            spaced = all(ord(char) < 0x2E80 for char in bare)
            parts.append(rf"(?<!\w){body}(?!\w)" if spaced else body)
    return re.compile("|".join(parts), re.IGNORECASE) if parts else None


def muted(text: str, words: tuple[str, ...]) -> str:
    """`text` with the muted words covered."""
    found = pattern(words) if text else None
    return found.sub(COVER, text) if found is not None else text


def parse_words(text: str) -> tuple[str, ...]:
    """The words of a list as somebody types it: separated by commas or lines, each once."""
    return tuple(dict.fromkeys(word for part in re.split(r"[,;\n]", text) if (word := part.strip()[:LONGEST])))[
        :MOST_WORDS
    ]


def marked_as_gore(message: Message, tags: Sequence[str] = ()) -> bool:
    """Whether who wrote it, the network or a tag of ours says that its pictures show violence or injuries."""
    said = [message.spoiler, *tags, *(item.alt for item in message.media)]
    if Mark.SENSITIVE not in message.marks and not message.spoiler and not tags:
        return False
    return any(_GORE_WORDS.search(text) for text in said if text)


def gory(entry: Entry) -> bool:
    """The same for an entry with its case."""
    return marked_as_gore(entry.message, entry.case.tags if entry.case is not None else ())


class Exposure:
    """Counts what was looked at, for the one who looked; only while that is wanted."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.on = False
        self.since: Micros = clock.now()
        self.counts: Counter[Seen] = Counter()
        self._known: set[tuple[Seen, int]] = set()

    def switch(self, on: bool) -> None:
        """Begin to count, or forget all of it."""
        if on != self.on:
            self.on = on
            self.forget()

    def forget(self) -> None:
        """Begin again at nothing."""
        self.since = self._clock.now()
        self.counts.clear()
        self._known.clear()

    def saw(self, what: Seen, ident: int) -> None:
        """Count something once."""
        if self.on and (what, ident) not in self._known:
            self._known.add((what, ident))
            self.counts[what] += 1


class Breaks:
    """Knows when somebody has worked for long without a break."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.minutes = 0
        """After how many it is time; 0: never."""
        self._since = self._last = clock.now()
        self._told = False
        self._observers: Observers[int] = Observers()

    def subscribe(self, callback: Callable[[int], None]) -> Callable[[], None]:
        """Call `callback` with the minutes worked when it is time for a break; returns what ends it."""
        return self._observers.subscribe(callback)

    def active(self) -> None:
        """Something was done just now."""
        now = self._clock.now()
        if now - self._last > IDLE:
            self._since, self._told = now, False
        self._last = now

    def look(self) -> None:
        """See whether it is time; to be called about once a minute."""
        now = self._clock.now()
        if now - self._last > IDLE:
            self._since, self._told = now, False
            return
        worked = (now - self._since) // MINUTE
        if self.minutes and worked >= self.minutes and not self._told:
            self._told = True
            self._observers.tell(worked)

    def later(self, minutes: int = 10) -> None:
        """Tell again after so many minutes."""
        self._since = self._clock.now() - (self.minutes - minutes) * MINUTE
        self._told = False

    def taken(self) -> None:
        """A break begins: time counts from now on."""
        self._since, self._told = self._clock.now(), False
