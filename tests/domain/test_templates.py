"""The grammar of placeholders, which template fits, what follows what: held to by properties."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workstation.domain.references import order_number
from workstation.domain.stacking import stacked
from workstation.domain.template_fit import Wanted, match, ranked
from workstation.domain.templates import (
    Family,
    Placeholder,
    Variant,
    blanks,
    fill,
    folder_path,
    parts,
    shortcut_of,
    suspects,
)

NAMES = st.from_regex(r"[a-z][a-z0-9_]{0,12}", fullmatch=True)
WORDS = st.text(st.characters(exclude_characters="{}\n", exclude_categories=["Cs"]), max_size=20)
PLACEHOLDERS = st.builds(Placeholder, NAMES, st.none() | WORDS)
TEMPLATES = st.lists(PLACEHOLDERS | WORDS, max_size=8).map(lambda made: "".join(map(str, made)))
ANYTHING = st.text(st.characters(exclude_categories=["Cs"]), max_size=80)


@given(ANYTHING | TEMPLATES)
def test_parts_are_the_text_again(text: str) -> None:
    assert "".join(map(str, parts(text))) == text


@given(st.lists(PLACEHOLDERS, max_size=6))
def test_what_is_written_as_a_placeholder_is_read_as_one(wanted: list[Placeholder]) -> None:
    text = " ".join(map(str, wanted))
    assert [part for part in parts(text) if isinstance(part, Placeholder)] == wanted
    assert suspects(text) == ()


@given(TEMPLATES, st.dictionaries(NAMES, WORDS))
def test_blanks_are_exactly_what_nothing_fills(text: str, values: dict[str, str]) -> None:
    filled = fill(text, values)
    names = [part for part in parts(text) if isinstance(part, Placeholder)]
    missing = [each.name for each in names if not values.get(each.name) and each.fallback is None]
    assert [blank.name for blank in filled.blanks] == missing
    for blank in filled.blanks:
        assert filled.text[blank.start : blank.end] == f"{{{blank.name}}}"
    assert blanks(filled.text) == filled.blanks


@given(TEMPLATES, st.dictionaries(NAMES, WORDS))
def test_filling_again_changes_nothing(text: str, values: dict[str, str]) -> None:
    once = fill(text, values)
    assert fill(once.text, {}) == once


@given(TEMPLATES)
def test_with_everything_known_nothing_is_left(text: str) -> None:
    values = {part.name: "x" for part in parts(text) if isinstance(part, Placeholder)}
    assert fill(text, values).blanks == ()


def test_a_placeholder_may_say_nothing() -> None:
    assert fill("Hello {first_name|}, thanks", {}).text == "Hello, thanks"
    assert fill("Hello {first_name|}, thanks", {"first_name": "Ana"}).text == "Hello Ana, thanks"
    assert fill("{a|}{order_no} x", {}).blanks[0].start == 0


@pytest.mark.parametrize("text", ["{First Name}", "{name", "name}", "{ name }", "{{order no}}", "{}", "{a|b|{c}"])
def test_near_misses_are_named(text: str) -> None:
    assert suspects(f"Hello {text}!")


def test_sound_texts_raise_no_suspicion() -> None:
    assert suspects("Hello {first_name|there}, order {order_no} (see {link|}).") == ()


@given(ANYTHING, ANYTHING, ANYTHING)
def test_stacking_never_loses_or_doubles_a_word(before: str, text: str, after: str) -> None:
    lead, trail = stacked(before, text, after)
    assert (lead + trail).strip() == ""
    if before and before[-1].isspace():
        assert not lead.startswith(" ")


@pytest.mark.parametrize(
    ("before", "text", "lead"),
    [
        ("", "Hello.", ""),
        ("Thanks.", "Hello.", " "),
        ("Thanks. ", "Hello.", ""),
        ("Thanks.\n", "Hello.", ""),
        ("Hello,\n\nwe look.", "Second.", "\n\n"),
        ("Thanks.", "One.\n\nTwo.", "\n\n"),
        ("Thanks.\n", "One.\n\nTwo.", "\n"),
        ("ありがとうございます。", "お調べします。", ""),
        ("您好。", "Hello", " "),
        ("(", "Hello", ""),
    ],
)
def test_texts_follow_as_a_person_would_write(before: str, text: str, lead: str) -> None:
    assert stacked(before, text)[0] == lead


def test_the_text_behind_is_parted_too() -> None:
    assert stacked("A", "B", "C") == (" ", " ")
    assert stacked("A ", "B", ".") == ("", "")


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("where is order 12345?", "12345"),
        ("My order #4711 please", "4711"),
        ("Bestellnr.: AB-12345 fehlt", "AB-12345"),
        ("注文番号12345です", "12345"),
        ("طلب رقم 1024 #1024", "1024"),
        ("Order no. 998877!", "998877"),
        ("I paid 1200 in 2024", ""),
        ("orders 123 and 456", ""),
        ("order 1111 or #2222", ""),
        ("call me at 0301234567", ""),
    ],
)
def test_an_order_number_is_one_that_says_so(text: str, number: str) -> None:
    assert order_number((text,)) == number


def _family(key: str, text: str = "x", **values: object) -> Family:
    language = str(values.pop("language", "en"))
    return Family(0, key, str(values.pop("title", key)), (Variant(language, text),), **values)  # type: ignore[arg-type]


def test_what_suits_the_case_comes_first() -> None:
    often = _family("often", used=4_000)
    german = _family("german", language="de")
    tagged = _family("tagged", tags=("refund",))
    about = _family("about", title="Parcel late", language="de")
    wanted = Wanted("de-AT", ("refund",), ("parcel", "late"))
    order = [family.key for family in ranked((often, german, tagged, about), "", wanted)]
    assert order == ["about", "tagged", "german", "often"]


def test_the_more_direct_match_wins() -> None:
    text, title = _family("a", "thanks a lot"), _family("b", title="Thanks")
    tag, shortcut = _family("c", tags=("thanks",)), _family("d", shortcut="thanks")
    order = [family.key for family in ranked((text, title, tag, shortcut), "thanks", Wanted())]
    assert order == ["d", "b", "c", "a"]
    assert match(shortcut, ";than") == 4
    assert match(_family("e", "Guten Tag", title="Hello"), "tag hello")
    assert not match(text, "thanks nonsense")


@given(ANYTHING)
def test_folders_and_shortcuts_are_kept_as_they_are_kept(text: str) -> None:
    assert folder_path(folder_path(text)) == folder_path(text)
    assert shortcut_of(shortcut_of(text)) == shortcut_of(text)
    assert folder_path(text).count("/") <= 5
