"""Keys as values: a chord is what is held and what is struck; sequences are found by the chords struck so far."""

from collections.abc import Callable, Iterable, Mapping

import msgspec

MODIFIERS = ("ctrl", "alt", "shift", "meta")


class Chord(msgspec.Struct, frozen=True):
    """One key with what is held; `key` in lower case, one character or a name such as "return"."""

    mods: frozenset[str]
    key: str

    def without(self, name: str) -> "Chord":
        """The same key without one of the modifiers."""
        return Chord(self.mods - {name}, self.key)


def chord(step: str) -> Chord:
    """The chord that Qt's portable text `step` names, such as ``Ctrl+Shift+V`` or ``Ctrl++``."""
    held: set[str] = set()
    rest = step.strip()
    while True:
        name, plus, after = rest.partition("+")
        if not plus or name.casefold() not in MODIFIERS or not after:
            return Chord(frozenset(held), rest.casefold())
        held.add(name.casefold())
        rest = after


def chords(keys: str) -> tuple[Chord, ...]:
    """The chords of a sequence, such as ``X, M``; ``Ctrl+,`` is one chord."""
    return tuple(chord(step) for step in keys.split(", "))


class Found(msgspec.Struct, frozen=True):
    """What a key press led to: an action, or the beginning of one, or nothing."""

    action: str = ""
    begun: bool = False


class Sequences:
    """All keys in force by their chords; remembers what was struck of a sequence."""

    def __init__(self, keys: Mapping[str, Iterable[str]]) -> None:
        self._actions: dict[tuple[Chord, ...], list[str]] = {}
        self._beginnings: dict[tuple[Chord, ...], list[str]] = {}
        self._struck: tuple[Chord, ...] = ()
        for action, texts in keys.items():
            for text in texts:
                steps = chords(text)
                self._actions.setdefault(steps, []).append(action)
                for length in range(1, len(steps)):
                    self._beginnings.setdefault(steps[:length], []).append(action)

    def strike(self, meanings: Iterable[Chord], reachable: Callable[[str], bool]) -> Found:
        """What a key leads to that can mean any of `meanings`, best first; unreachable actions are not there."""
        before, self._struck = self._struck, ()
        for meaning in meanings:
            steps = (*before, meaning)
            action = next(filter(reachable, self._actions.get(steps, ())), "")
            if action:
                return Found(action)
            if any(map(reachable, self._beginnings.get(steps, ()))):
                self._struck = steps
                return Found(begun=True)
        return Found()

    def forget(self) -> None:
        """Begin anew: the focus moved."""
        self._struck = ()
