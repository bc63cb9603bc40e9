"""Pseudo-locales change what people read and keep what the program reads."""

import re
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workstation.i18n import load_language
from workstation.i18n.check import mnemonics
from workstation.i18n.placeholders import placeholders
from workstation.i18n.pseudo import accented, mirrored


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("&Open\tCtrl+O", ["&O", "\tCtrl+O"]),
        ("Held by {name} since {time}", ["{name}", "{time}"]),
        ("<b>{count}</b> of %1", ["<b>", "{count}", "</b>", "%1"]),
        ("Fish && chips &amp; peas", ["&&", "&amp;"]),
        ("%n files, %L2 of %1", ["%n", "%L2", "%1"]),
    ],
)
@pytest.mark.parametrize("write", [accented, mirrored])
def test_what_the_program_reads_stays(text: str, kept: list[str], write: Callable[[str], str]) -> None:
    result = write(text)
    assert all(part in result for part in kept)
    assert result != text
    assert mnemonics(result) == mnemonics(text)


@given(st.text(alphabet="abcdefgh ", min_size=1, max_size=200).filter(str.strip))
def test_accented_texts_are_bracketed_and_longer_by_two_fifths(text: str) -> None:
    result = accented(text)
    assert result.startswith("[")
    assert result.endswith("]")
    assert len(result) >= len(text) * 1.35


@given(st.from_regex(r"([A-Za-z]{1,8} |\{[a-z]{1,5}\} ){1,8}", fullmatch=True))
def test_placeholders_survive(text: str) -> None:
    assert placeholders(accented(text)) == placeholders(mirrored(text)) == placeholders(text)


def test_mirrored_words_run_from_right_to_left() -> None:
    assert re.fullmatch("(\u200f\u202e\\w+\u202c\u200f ?)+", mirrored("Open a case"))


def test_empty_texts_stay_empty() -> None:
    assert accented("") == mirrored("") == ""
    assert accented(" ") == " "


def test_key_names_stay_parseable() -> None:
    assert load_language("en-XA").pgettext("QShortcut", "Ctrl") == "Ctrl"


def test_only_extracted_texts_are_changed() -> None:
    language = load_language("en-XA")
    assert language.gettext("Nobody ever extracted this") == "Nobody ever extracted this"
