"""What a key press can mean on the keyboard it came from: as written, without its Shift, or by its place.

Letters of another script (Arabic, Hebrew, Greek, Cyrillic) stand for the letter that a US keyboard has at their place,
so that single keys work there too. Digits work alone where they need Shift (French). Whatever AltGr writes is a letter
to be written and never a shortcut.
"""

import sys
import unicodedata

import msgspec

from workstation.views.keyboard.chords import Chord
from workstation.views.keyboard.layouts import DIGIT_ROWS, POSITIONS, US, is_latin

_LINES = ("1234567890-=", "qwertyuiop[]", "asdfghjkl;'`", "\\zxcvbnm,./")
# IBM's set 1, which Windows tells; evdev, which X11 and Wayland tell, is the same numbers and 8.
_SET_1 = {start + at: key for start, line in zip((0x02, 0x10, 0x1E, 0x2B), _LINES, strict=True)
          for at, key in enumerate(line)}  # fmt: skip
_MAC_KEYS = (
    "asdfhgzxcv", "\0bqweryt123", "465=97-80]ou[ip", "\0lj'k;\\,/nm.",
)  # fmt: skip
_MAC = {code: key for code, key in enumerate("".join(_MAC_KEYS)) if key != "\0"} | {50: "`"}
_SHIFTED = US.shifted


class Press(msgspec.Struct, frozen=True):
    """A key press: what the layout gave for it, where the key is (a US name or ""), what was held."""

    gives: str
    place: str = ""
    mods: frozenset[str] = frozenset()
    altgr: bool = False


def place_of(scan: int, virtual: int, platform: str = sys.platform) -> str:
    """Where a key is, by the numbers its window system tells; "" where they tell nothing."""
    if platform == "darwin":
        return _MAC.get(virtual, "") if scan else ""
    if platform == "win32":
        letter = 0x30 <= virtual <= 0x39 or 0x41 <= virtual <= 0x5A
        return chr(virtual).casefold() if letter else _SET_1.get(scan, "")
    return _SET_1.get(scan - 8, "")


class Reader:
    """Reads key presses; remembers whether the keyboard writes another script, for keys that do not show it."""

    def __init__(self) -> None:
        self._foreign = False

    def meanings(self, press: Press) -> list[Chord]:
        """What `press` can mean, best first; nothing where it writes with AltGr."""
        if press.altgr or {"ctrl", "alt"} <= press.mods:
            return []
        self._learn(press.gives)
        key = press.gives.casefold()
        written = Chord(press.mods, key)
        shifted = "shift" in press.mods
        found = [written] if key else []
        if shifted and key and not key.isalpha():
            found.append(written.without("shift"))
        found += [Chord(press.mods, digit) for digit in self._digit(press)]
        if self._foreign and press.place in POSITIONS and not (len(key) == 1 and key.isascii() and key.isalnum()):
            found.append(Chord(press.mods, press.place))
            if shifted:
                found.append(Chord(press.mods - {"shift"}, _SHIFTED[press.place].casefold()))
        return found

    def _learn(self, gives: str) -> None:
        kinds = {unicodedata.category(char)[0] for char in gives}
        if kinds & {"L", "M"}:
            self._foreign = not is_latin(gives)

    def _digit(self, press: Press) -> str:
        at = "1234567890".find(press.place) if press.place else -1
        if at < 0 or not press.gives:
            return ""
        return press.place if any(row[at] == press.gives.casefold() for row in DIGIT_ROWS) else ""
