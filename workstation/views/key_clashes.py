"""Whether keys get in each other's way: a table of keys as text, no Qt."""

from collections.abc import Iterable, Mapping

import msgspec

from workstation.views.keys import BY_ID, ActionSpec, Scope


class Clash(msgspec.Struct, frozen=True):
    """Two actions that one key would start, or of which one hides behind the first key of the other."""

    keys: str
    first: str
    second: str


def _steps(keys: str) -> tuple[str, ...]:
    return tuple(part.strip().casefold() for part in keys.split(", "))


def _overlap(one: Scope, other: Scope) -> bool:
    return one is other or Scope.WINDOW in (one, other)


def clashes(keys: Mapping[str, Iterable[str]]) -> list[Clash]:
    """The clashes among `keys` by action id; empty for the defaults (a test holds them to it)."""
    found: list[Clash] = []
    seen: list[tuple[tuple[str, ...], str, ActionSpec]] = []
    for name, sequences in keys.items():
        for text in sequences:
            steps = _steps(text)
            for other, other_text, spec in seen:
                shared = min(len(steps), len(other))
                same = steps[:shared] == other[:shared]
                if same and spec.id != name and _overlap(spec.scope, BY_ID[name].scope):
                    found.append(Clash(min(text, other_text, key=len), spec.id, name))
            seen.append((steps, text, BY_ID[name]))
    return found


def hides(keys: str, other: str) -> bool:
    """Whether two sequences are the same, or one begins with the other, so that only one of them can be struck."""
    one, two = _steps(keys), _steps(other)
    shared = min(len(one), len(two))
    return one[:shared] == two[:shared]


def is_single_letter(keys: str) -> bool:
    """Whether the key is a bare character, which editors keep for themselves."""
    return len(_steps(keys)[0].removeprefix("shift+")) == 1
