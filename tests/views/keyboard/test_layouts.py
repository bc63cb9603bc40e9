"""The default keys on German, Polish, French and Arabic keyboards: each can be typed, none does something else."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workstation.views.keyboard.chords import Chord, Sequences, chord, chords
from workstation.views.keyboard.layouts import LAYOUTS, POSITIONS, SAFE, Ease, Layout, Way, needs_altgr, ways
from workstation.views.keyboard.meaning import Press, Reader, place_of
from workstation.views.keys import ACTIONS, BY_ID, bound

KEYS = bound({})
FOUR = [LAYOUTS[code] for code in ("de", "pl", "fr", "ar")]


def _press(step: str, way: Way) -> Press:
    mods = chord(step).mods - {"shift"}
    return Press(way.gives, way.place, mods | {"shift"} if way.shift else mods)


def _steps(keys: str) -> list[str]:
    return keys.split(", ")


def _typed(keys: str, layout: Layout) -> list[tuple[Way, ...]]:
    """Every way to type `keys` there; none where all steps are named keys, which are on every keyboard."""
    return list(product(*(ways(step, layout) or [Way("", False, "", Ease.PLAIN)] for step in _steps(keys))))


@pytest.mark.parametrize("layout", LAYOUTS.values(), ids=lambda layout: layout.code)
def test_a_layout_says_what_every_place_gives(layout: Layout) -> None:
    assert set(layout.plain) == set(POSITIONS)
    assert set(layout.shifted) >= set(POSITIONS) - {"`"}
    assert set(layout.third) <= set(POSITIONS)


@pytest.mark.parametrize("layout", FOUR, ids=lambda layout: layout.code)
def test_every_action_has_a_key_that_can_be_typed(layout: Layout) -> None:
    for name, keys in KEYS.items():
        good = [
            text for text in keys
            if any(all(way.ease in SAFE for way in combination) for combination in _typed(text, layout))
        ]  # fmt: skip
        assert good, (name, keys)
        assert not any(needs_altgr(step, layout) for text in keys for step in _steps(text)), (name, keys)


@pytest.mark.parametrize("layout", FOUR, ids=lambda layout: layout.code)
def test_no_key_does_anything_else_there(layout: Layout) -> None:
    clashes = []
    for name, keys in KEYS.items():
        for text in keys:
            if any(not ways(step, layout) for step in _steps(text)):
                continue
            combinations = _typed(text, layout)
            written = [each for each in combinations if all(way.ease is not Ease.POSITION for way in each)]
            # What is written on a key comes before what its place would mean.
            for combination in written or combinations:
                found = _follow(text, combination, layout, name)
                if found != name:
                    clashes.append((name, text, combination, found))
    assert clashes == []


def _follow(keys: str, combination: tuple[Way, ...], layout: Layout, wanted: str) -> str:
    """What typing it leads to, with everything reachable that may be reachable together with `wanted`."""
    sequences, reader, found = Sequences(KEYS), Reader(), ""
    reader.meanings(Press(layout.plain["q"], "q"))
    scopes = {BY_ID[wanted].scope, "window"}
    for step, way in zip(_steps(keys), combination, strict=True):
        found = sequences.strike(reader.meanings(_press(step, way)), lambda name: BY_ID[name].scope in scopes).action
    return found


@pytest.mark.parametrize("layout", FOUR, ids=lambda layout: layout.code)
def test_what_altgr_writes_is_never_a_shortcut(layout: Layout) -> None:
    for place, char in layout.third.items():
        for press in (
            Press(char, place, frozenset({"ctrl", "alt"})),
            Press(char, place, altgr=True),
            Press(char, place),  # X11 tells of no modifier
        ):
            sequences = Sequences({name: keys for name, keys in KEYS.items() if name != "go.search"})
            assert sequences.strike(Reader().meanings(press), lambda _name: True).action == "", press


def test_arabic_letters_stand_for_their_places_and_french_digits_work_alone() -> None:
    reader = Reader()
    assert Chord(frozenset(), "j") in reader.meanings(Press("\u062a", "j"))
    assert Chord(frozenset(), "b") in reader.meanings(Press("\u0644\u0627", "b"))
    assert Chord(frozenset({"shift"}), "f") in reader.meanings(Press("[", "f", frozenset({"shift"})))
    assert Chord(frozenset(), "?") in reader.meanings(Press("\u061f", "/", frozenset({"shift"})))
    assert Chord(frozenset(), "2") in Reader().meanings(Press("é", "2"))
    assert Chord(frozenset({"ctrl"}), "0") in Reader().meanings(Press("0", "0", frozenset({"ctrl", "shift"})))


def test_a_latin_keyboard_is_read_by_its_letters() -> None:
    assert Reader().meanings(Press("z", "y")) == [Chord(frozenset(), "z")]
    assert Reader().meanings(Press(",", "m")) == [Chord(frozenset(), ",")]
    assert Reader().meanings(Press("ł", "l")) == [Chord(frozenset(), "ł")]


@pytest.mark.parametrize(
    ("platform", "scan", "virtual"), [("linux", 44, 0x5EA), ("win32", 36, 0x4A), ("darwin", 1, 38)]
)
def test_the_window_system_tells_the_place(platform: str, scan: int, virtual: int) -> None:
    assert place_of(scan, virtual, platform) == "j"
    assert place_of(0, 0, platform) == ""


@given(st.sampled_from([text for spec in ACTIONS for text in spec.keys]))
def test_chords_take_qts_text_apart(text: str) -> None:
    for one in chords(text):
        assert one.key
        assert one.mods <= {"ctrl", "alt", "shift", "meta"}


def test_a_plus_is_a_key() -> None:
    assert chord("Ctrl++") == Chord(frozenset({"ctrl"}), "+")
    assert chords("Ctrl+,") == (Chord(frozenset({"ctrl"}), ","),)
    assert chords("X, Shift+B") == (Chord(frozenset(), "x"), Chord(frozenset({"shift"}), "b"))
