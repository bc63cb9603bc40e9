"""Placeholders are filled by name alone, and nothing in a value reaches out of it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workstation.i18n import fill, isolate, plain
from workstation.i18n.placeholders import placeholders

_BIDI = st.text(alphabet="ab \u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069א", max_size=30)


def test_values_are_isolated() -> None:
    assert fill("Held by {name}", {"name": "Ann"}) == "Held by \u2068Ann\u2069"


def test_a_value_may_look_like_a_placeholder() -> None:
    assert plain(fill("{a} {b}", {"a": "{b}", "b": "{a}"})) == "{b} {a}"


@pytest.mark.parametrize("template", ["{name.__class__}", "{name[0]}", "{name!r}", "{name:>9999999}", "{}", "{0}", "{"])
def test_nothing_but_names_is_a_placeholder(template: str) -> None:
    assert fill(template, {"name": "Ann", "0": "x"}) == template


def test_an_unknown_name_stays_as_written() -> None:
    assert fill("{who} did {what}", {"who": "Ann"}) == "\u2068Ann\u2069 did {what}"


def test_names_are_listed_as_often_as_they_occur() -> None:
    assert placeholders("{b} {a} {b} {a.x}") == ["a", "b", "b"]


@given(_BIDI)
def test_no_value_opens_or_closes_anything_outside_itself(value: str) -> None:
    depth, lowest = 0, 1
    text = isolate(value)
    for char in text[:-1]:
        assert char not in "\u202a\u202b\u202c\u202d\u202e"
        depth += (char in "\u2066\u2067\u2068") - (char == "\u2069")
        lowest = min(lowest, depth)
    assert depth == 1
    assert lowest == 1
    assert text[-1] == "\u2069"
    assert plain(text) == plain(value)


@given(st.text(max_size=20), st.dictionaries(st.from_regex(r"[a-z_]{1,5}", fullmatch=True), st.text(max_size=10)))
def test_whatever_is_filled_every_value_is_there_and_the_rest_stays(template: str, values: dict[str, str]) -> None:
    names = placeholders(template + "{a}")
    filled = plain(fill(template + "{a}", values))
    assert all(plain(values.get(name, f"{{{name}}}")) in filled for name in names)
    assert fill(template, {}) == template
