"""What keyboards put on their keys, and how a key of ours is typed on each. Tables and pure functions, no Qt.

A key has the name it has on a US keyboard, whatever is printed on it. Layers are written in the order of `POSITIONS`;
``.`` stands for nothing. Sources: Microsoft's keyboard layouts KBDGR, KBDPL1, KBDFR, KBDA1 and KBDUS.
"""

from collections.abc import Mapping
from enum import StrEnum

import msgspec

from workstation.views.keyboard.chords import Chord, chord

POSITIONS = tuple("`1234567890-=qwertyuiop[]\\asdfghjkl;'zxcvbnm,./")
NOTHING = "\0"


class Layout(msgspec.Struct, frozen=True):
    """One layout: what each position gives alone, with Shift and with AltGr; `dead` is what waits for another key."""

    code: str
    plain: Mapping[str, str]
    shifted: Mapping[str, str]
    third: Mapping[str, str] = {}
    dead: frozenset[str] = frozenset()


def _layer(text: str) -> dict[str, str]:
    cells = text.split()
    return {place: cell for place, cell in zip(POSITIONS, cells, strict=True) if cell != NOTHING}


_US = _layer("` 1 2 3 4 5 6 7 8 9 0 - = q w e r t y u i o p [ ] \\ a s d f g h j k l ; ' z x c v b n m , . /")
_US_SHIFTED = _layer('~ ! @ # $ % ^ & * ( ) _ + Q W E R T Y U I O P { } | A S D F G H J K L : " Z X C V B N M < > ?')

LAYOUTS: dict[str, Layout] = {
    layout.code: layout
    for layout in (
        Layout("us", _US, _US_SHIFTED),
        Layout(
            "de",
            _layer("^ 1 2 3 4 5 6 7 8 9 0 ß ´ q w e r t z u i o p ü + # a s d f g h j k l ö ä y x c v b n m , . -"),
            _layer('° ! " § $ % & / ( ) = ? ` Q W E R T Z U I O P Ü * \' A S D F G H J K L Ö Ä Y X C V B N M ; : _'),
            {"2": "²", "3": "³", "7": "{", "8": "[", "9": "]", "0": "}", "-": "\\", "q": "@", "e": "€", "]": "~",
             "m": "µ"},
            frozenset("^´`"),
        ),
        Layout(
            "pl",
            _US,
            _US_SHIFTED,
            {"a": "ą", "c": "ć", "e": "ę", "l": "ł", "n": "ń", "o": "ó", "s": "ś", "x": "ź", "z": "ż", "u": "€"},
            frozenset("~"),
        ),
        Layout(
            "fr",
            _layer("² & é \" ' ( - è _ ç à ) = a z e r t y u i o p ^ $ * q s d f g h j k l m ù w x c v b n , ; : !"),
            _layer("\0 1 2 3 4 5 6 7 8 9 0 ° + A Z E R T Y U I O P ¨ £ µ Q S D F G H J K L M % W X C V B N ? . / §"),
            {"2": "~", "3": "#", "4": "{", "5": "[", "6": "|", "7": "`", "8": "\\", "9": "^", "0": "@", "-": "]",
             "=": "}", "e": "€", "]": "¤"},
            frozenset("^¨~`"),
        ),
        Layout(
            "ar",
            _layer(
                "\u0630 1 2 3 4 5 6 7 8 9 0 - = \u0636 \u0635 \u062b \u0642 \u0641 \u063a \u0639 \u0647 \u062e \u062d "
                "\u062c \u062f \\ \u0634 \u0633 \u064a \u0628 \u0644 \u0627 \u062a \u0646 \u0645 \u0643 \u0637 \u0626 "
                "\u0621 \u0624 \u0631 \u0644\u0627 \u0649 \u0629 \u0648 \u0632 \u0638"
            ),
            _layer(
                "\u0651 ! @ # $ % ^ & * ) ( _ + \u064e \u064b \u064f \u064c \u0644\u0625 \u0625 \u2018 \u00f7 \u00d7 "
                "\u061b < > | \u0650 \u064d ] [ \u0644\u0623 \u0623 \u0640 \u060c / : \" ~ \u0652 } { \u0644\u0622 "
                "\u0622 \u2019 , . \u061f"
            ),
        ),
    )
}  # fmt: skip
US = LAYOUTS["us"]
DIGIT_ROWS = ("&é\"'(-è_çà", "&é\"'(§è!çà", "+ěščřžýáíé", "+ľščťžýáíé")
"""What the keys 1 to 0 give alone where digits need Shift: French, Belgian, Czech, Slovak."""


class Ease(StrEnum):
    """How a key of ours is typed on a layout."""

    PLAIN = "plain"
    SHIFT = "shift"
    POSITION = "position"
    """The layout has no such letter: the key at the place where a US keyboard has it."""
    ALTGR = "altgr"
    DEAD = "dead"
    NEVER = "never"


SAFE = frozenset({Ease.PLAIN, Ease.SHIFT, Ease.POSITION})


class Way(msgspec.Struct, frozen=True):
    """One way to type a key: the place, whether Shift is held, what the layout gives for it."""

    place: str
    shift: bool
    gives: str
    ease: Ease


def ways(step: str, layout: Layout) -> list[Way]:
    """How `step`, such as ``Ctrl+J`` or ``?``, can be typed, easiest first; empty for named keys such as F1."""
    wanted = chord(step)
    if len(wanted.key) > 1:
        return []
    shift = "shift" in wanted.mods
    found = [way for way in _on_layout(wanted, layout, shift) if way.ease in SAFE] + _by_place(wanted, layout, shift)
    return found or _on_layout(wanted, layout, shift) or [Way("", shift, "", Ease.NEVER)]


def _on_layout(wanted: Chord, layout: Layout, shift: bool) -> list[Way]:
    found = []
    for place in POSITIONS:
        plain, shifted = layout.plain.get(place, ""), layout.shifted.get(place, "")
        if plain.casefold() == wanted.key:
            found.append(Way(place, shift, shifted if shift else plain, _ease(plain, layout, Ease.PLAIN)))
        elif shifted == wanted.key and not wanted.key.isalpha():
            found.append(Way(place, True, shifted, _ease(shifted, layout, Ease.SHIFT)))
        elif layout.third.get(place) == wanted.key:
            found.append(Way(place, shift, wanted.key, Ease.ALTGR))
    return found


def _ease(char: str, layout: Layout, otherwise: Ease) -> Ease:
    return Ease.DEAD if char in layout.dead else otherwise


def _by_place(wanted: Chord, layout: Layout, shift: bool) -> list[Way]:
    """Where the layout writes another script, its keys mean what a US keyboard has there; so do French digits."""
    if wanted.key in "1234567890" and any(row == _digits(layout) for row in DIGIT_ROWS):
        return [Way(wanted.key, shift, layout.plain[wanted.key], Ease.POSITION)]
    if is_latin(layout.plain["q"]):
        return []
    if wanted.key in POSITIONS:
        layer = layout.shifted if shift else layout.plain
        return [Way(wanted.key, shift, layer[wanted.key], Ease.POSITION)]
    return [
        Way(place, True, layout.shifted[place], Ease.POSITION) for place in POSITIONS if US.shifted[place] == wanted.key
    ]


def _digits(layout: Layout) -> str:
    return "".join(layout.plain.get(digit, "") for digit in "1234567890")


def is_latin(text: str) -> bool:
    """Whether a letter belongs to the Latin script; ASCII and its relatives with accents do."""
    return bool(text) and ord(text[0]) < 0x250


def needs_altgr(step: str, layout: Layout) -> bool:
    """Whether `step` holds Ctrl and Alt, which is AltGr on Windows, over a key that writes something with AltGr."""
    wanted = chord(step)
    if not {"ctrl", "alt"} <= wanted.mods or len(wanted.key) > 1:
        return False
    return any(way.place in layout.third for way in ways(step, layout))
