"""Languages: texts from catalogs, fallbacks, values written by locale, and the one process-wide handle."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from workstation.domain.text import N_, LazyText, Moment, lazy, lazy_in, lazy_plural
from workstation.i18n import (
    Language,
    _,
    available,
    current_language,
    fetch_language,
    formats,
    load_language,
    ngettext,
    npgettext,
    pgettext,
    plain,
    render,
    use,
)
from workstation.i18n.catalog import load, mo_path
from workstation.i18n.extraction import compile_to, empty

AT = 1_780_000_000_000_000


@pytest.fixture(autouse=True)
def _source_language() -> Iterator[None]:
    yield
    use(Language())


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Catalogs of Brazilian Portuguese, Portuguese and English, each knowing less than its fallback."""
    for tag, texts in {
        "pt-BR": {"Open": "Abrir"},
        "pt": {"Open": "PT", "Close": "Fechar"},
        "en": {"Open": "EN", "Close": "EN", "Undo": "Take back"},
    }.items():
        catalog = empty(tag)
        for msgid, string in texts.items():
            catalog.add(msgid, string)
        if tag == "pt-BR":
            catalog.add(("{count} reply", "{count} replies"), ("{count} resposta", "{count} de", "{count} respostas"))
            catalog.add("Open", "Aberto", context="state")
        compile_to(catalog, mo_path(tag, tmp_path))
    return tmp_path


def test_what_a_catalog_lacks_comes_from_its_fallbacks(folder: Path) -> None:
    language = Language("pt-BR", load("pt-BR", folder))
    assert [language.gettext(text) for text in ("Open", "Close", "Undo", "Redo")] == [
        "Abrir",
        "Fechar",
        "Take back",
        "Redo",
    ]
    assert language.pgettext("state", "Open") == "Aberto"
    assert language.knows("state", "Open") == "Aberto"
    assert language.knows("state", "Unheard") is None
    assert available(folder) == ("en", "pt", "pt-BR")


def test_plural_forms_are_chosen_by_the_locales_rule(folder: Path) -> None:
    language = Language("pt-BR", load("pt-BR", folder))
    found = [plain(language.ngettext("{count} reply", "{count} replies", count)) for count in (0, 1, 2, 1_000_000)]
    assert found == ["0 resposta", "1 resposta", "2 respostas", "1.000.000 de"]
    text = lazy_plural("{count} reply", "{count} replies", 2)
    assert plain(language.render(text)) == "2 respostas"


def test_the_empty_text_is_empty_and_never_the_catalogs_header(folder: Path) -> None:
    language = Language("pt", load("pt", folder))
    assert language.gettext("") == language.pgettext("", "") == language.render(LazyText("")) == ""
    assert language.ngettext("", "", 1) == language.npgettext("x", "", "", 1) == ""


def test_values_are_written_by_locale() -> None:
    german = load_language("de", "Europe/Berlin")
    assert plain(german.gettext("{a} {b} {c}", a="x", b=12_345, c=0.5)) == "x 12.345 0,5"
    text = lazy("{outer} {at} {day} {both}", outer=lazy("in {x}", x=1_000), at=Moment(AT, "time"),
                day=Moment(AT, "date"), both=Moment(AT))  # fmt: skip
    assert plain(german.render(text)) == "in 1.000 22:26 28.05.2026 28.05.26, 22:26"
    soon = lazy("{when}", when=Moment(AT, "relative"))
    assert plain(german.render(soon, now=AT - 120_000_000)) == "in 2 Minuten"
    assert plain(german.render(soon)) == "28.05.26, 22:26"


def test_region_changes_dates_but_not_texts() -> None:
    british = load_language("en", "UTC", region="en-GB")
    assert british.tag == "en"
    assert british.formats.date(AT) == "28 May 2026"


def test_short_functions_speak_the_current_language() -> None:
    assert _("Close") == "Close"
    assert current_language().tag == "en"
    use(load_language("en-XA", "UTC"))
    assert pgettext("QPlatformTheme", "Cancel").startswith("[Çåñçéļ")
    assert plain(ngettext("{count} of nothing", "{count} of nothings", 2)) == "2 of nothings"
    assert plain(npgettext("c", "{count} of nothing", "{count} of nothings", 1)) == "1 of nothing"
    assert render(lazy_in("QPlatformTheme", "Cancel")).startswith("[")
    assert formats().time(AT).startswith("[8:26")
    assert N_("Close") == "Close"


async def test_a_language_is_fetched_in_a_thread() -> None:
    language = await fetch_language("de")
    assert language.tag == "de"
    await asyncio.get_running_loop().shutdown_default_executor()


def test_a_damaged_catalog_is_an_error_and_an_absent_one_is_not(tmp_path: Path) -> None:
    assert Language("fr", load("fr", tmp_path)).gettext("Open") == "Open"
    assert Language("en-XA", load("en-XA", tmp_path)).gettext("Open") == "Open"
    path = mo_path("fr", tmp_path)
    path.parent.mkdir(parents=True)
    path.write_bytes(b"no catalog at all")
    with pytest.raises(OSError, match="magic"):
        load("fr", tmp_path)


def test_what_begins_with_a_latin_word_reads_from_right_to_left(tmp_path: Path) -> None:
    catalog = empty("ar")
    catalog.add("Enter inserts", "Enter يُدرج")
    catalog.add("Inserts", "يُدرج")
    catalog.add("Mastodon", "Mastodon")
    catalog.add("Enter inserts {what}", "Enter يُدرج {what}")
    compile_to(catalog, mo_path("ar", tmp_path))
    arabic = Language("ar", load("ar", tmp_path))
    assert arabic.gettext("Enter inserts") == "\u200fEnter يُدرج"
    assert arabic.render(lazy("Enter inserts")) == "\u200fEnter يُدرج"
    assert arabic.gettext("Enter inserts {what}", what="x").startswith("\u200fEnter")
    assert arabic.gettext("Inserts") == "يُدرج"
    assert arabic.gettext("Mastodon") == "Mastodon"
