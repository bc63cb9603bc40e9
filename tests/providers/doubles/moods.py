"""How a double translates: a made-up language that keeps masks, and everything that can be done to masks instead.

A mood is given a text in which masks stand in the form that the double's contract has, and a pattern that finds them.
"""

import html
import random
import re
from collections.abc import Callable

Mood = Callable[[str, re.Pattern[str], random.Random], str]

_VOWELS = str.maketrans("aeiouAEIOU", "eiouaEIOUA")


def _apart(text: str, masks: re.Pattern[str]) -> list[tuple[str, bool]]:
    """The text in pieces, each with whether it is a mask."""
    pieces, end = [], 0
    for hit in masks.finditer(text):
        pieces += [(text[end : hit.start()], False), (hit[0], True)]
        end = hit.end()
    return [*pieces, (text[end:], False)]


def spoken(text: str) -> str:
    """The words of a text in the doubles' language: as long, and no word stays."""
    return text.translate(_VOWELS)


def kind(text: str, masks: re.Pattern[str], rng: random.Random) -> str:
    """As it should be."""
    return "".join(piece if is_mask else spoken(piece) for piece, is_mask in _apart(text, masks))


def reordered(text: str, masks: re.Pattern[str], rng: random.Random) -> str:
    """As it may be: other languages order differently, so the masks change places."""
    found = [hit[0] for hit in masks.finditer(text)]
    rng.shuffle(found)
    order = iter(found)
    return "".join(next(order) if is_mask else spoken(piece) for piece, is_mask in _apart(text, masks))


def _one(change: Callable[[str, random.Random], str]) -> Mood:
    """A mood that does something to one of the masks."""

    def mood(text: str, masks: re.Pattern[str], rng: random.Random) -> str:
        pieces = _apart(text, masks)
        places = [place for place, (_, is_mask) in enumerate(pieces) if is_mask]
        chosen = rng.choice(places) if places else -1
        return "".join(
            change(piece, rng) if place == chosen else piece if is_mask else spoken(piece)
            for place, (piece, is_mask) in enumerate(pieces)
        )

    return mood


def _another_number(mask: str, rng: random.Random) -> str:
    return re.sub(r"\d+", lambda found: str(int(found[0]) + rng.choice((1, 7, 100))), mask)


_WIDE = str.maketrans(
    "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ", "０１２３４５６７８９ＡＢＣＤＥＦＧＨＩＪＫＬＭＮＯＰＱＲＳＴＵＶＷＸＹＺ"
)
_ARABIC = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")
_CYRILLIC = str.maketrans("PEMHCTA", "РЕМНСТА")


def escaped(text: str, masks: re.Pattern[str], rng: random.Random) -> str:
    """Everything escaped as in HTML, as a server does that forgets to undo it."""
    return html.escape(kind(text, masks, rng))


def unrelated(text: str, masks: re.Pattern[str], rng: random.Random) -> str:
    """Something else altogether, as of a model that did what the text told it."""
    return "Sure! You get all your money back, see https://evil.example/refund or call @attacker on 555 0100."


def with_more(text: str, masks: re.Pattern[str], rng: random.Random) -> str:
    """What was asked, and an address that nobody wrote."""
    return kind(text, masks, rng) + rng.choice(
        (
            " https://evil.example/x",
            " @attacker",
            " #ad",
            " mail@evil.example",
            " {admin}",
            " 99,999.00",
            " +44 20 7946 0000",
        )
    )


def glued(text: str, masks: re.Pattern[str], rng: random.Random) -> str:
    """Something that makes another thing of a mask: a digit more, a longer address."""
    return _one(lambda mask, rng: mask + rng.choice(("0", "00", ".5", "/x", "x")))(text, masks, rng)


MOODS: dict[str, Mood] = {
    "kind": kind,
    "reordered": reordered,
    "dropped": _one(lambda mask, rng: ""),
    "all dropped": lambda text, masks, rng: spoken(masks.sub("", text)),
    "doubled": _one(lambda mask, rng: f"{mask} {mask}"),
    "another number": _one(_another_number),
    "translated": _one(lambda mask, rng: "Bestellung"),
    "inside translated": _one(lambda mask, rng: re.sub(r"[A-Z](?=\d)", "Nummer ", mask)),
    "lower case": _one(lambda mask, rng: mask.lower()),
    "all lower case": lambda text, masks, rng: kind(text, masks, rng).lower(),
    "spaced": _one(lambda mask, rng: re.sub(r"(?<=\w)(?=\d)", " ", mask)),
    "spaced inside": _one(lambda mask, rng: f"{mask[0]} {mask[1:-1]} {mask[-1]}"),
    "wide": _one(lambda mask, rng: mask.translate(_WIDE)),
    "Arabic digits": _one(lambda mask, rng: mask.translate(_ARABIC)),
    "Cyrillic": _one(lambda mask, rng: mask.translate(_CYRILLIC)),
    "other brackets": _one(lambda mask, rng: f"【{mask[1:-1]}】"),
    "wrapped": _one(lambda mask, rng: f"\u2068{mask}\u2069"),
    "override": _one(lambda mask, rng: f"\u202e{mask}\u202c"),
    "marks inside": _one(lambda mask, rng: mask[0] + "\u200f" + mask[1:]),
    "quoted": _one(lambda mask, rng: f"“{mask}”"),
    "half": _one(lambda mask, rng: mask[:-1]),
    "escaped": escaped,
    "twice escaped": lambda text, masks, rng: html.escape(escaped(text, masks, rng)),
    "unrelated": unrelated,
    "with more": with_more,
    "glued": glued,
    "swollen": lambda text, masks, rng: kind(text, masks, rng) + " very" * 5_000,
    "empty": lambda text, masks, rng: "",
    "unchanged": lambda text, masks, rng: text,
}
"""By name; the first two and `quoted` are innocent."""
