"""Which catalog serves a reader, what languages are called, in which direction they run."""

import gettext

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workstation.i18n import (
    direction,
    facing,
    first_strong,
    framed,
    laid_out,
    negotiate,
    own_name,
    regional,
    text_direction,
    unmarked,
)
from workstation.i18n.extraction import plural_header
from workstation.i18n.tags import babel_locale, chain, first_weekday, identifier, language_name, normalise

PLANNED = (
    *("en", "de", "fr", "es-419", "pt-BR", "it", "nl", "pl", "uk", "tr"),
    *("ar", "he", "fa", "hi", "id", "vi", "th", "ja", "ko", "zh-Hans", "zh-Hant"),
)


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        (["de-AT"], "de"),
        (["de_DE.UTF-8"], "de"),
        (["nl-BE", "fr-BE"], "nl"),
        (["zh-HK"], "zh-Hant"),
        (["zh-TW"], "zh-Hant"),
        (["zh-Hant-HK"], "zh-Hant"),
        (["zh-CN"], "zh-Hans"),
        (["zh"], "zh-Hans"),
        (["es-MX"], "es-419"),
        (["es-ES"], "es-419"),
        (["pt-PT"], "pt-BR"),
        (["iw-IL"], "he"),
        (["in-ID"], "id"),
        (["sv", "da", "uk-UA"], "uk"),
        (["sr-Latn", "de"], "de"),
        (["C"], "en"),
        (["", "*", "x-private", "123"], "en"),
        ([], "en"),
    ],
)
def test_a_reader_gets_the_best_there_is(wanted: list[str], expected: str) -> None:
    assert negotiate(wanted, PLANNED) == expected


def test_another_script_is_no_substitute() -> None:
    assert negotiate(["zh-TW", "ja"], ["en", "zh-Hans", "ja"]) == "ja"


@given(st.lists(st.text(max_size=12), max_size=4))
def test_negotiation_always_names_an_available_language(wanted: list[str]) -> None:
    assert negotiate(wanted, PLANNED) in PLANNED


@given(st.text(max_size=20))
def test_normalising_twice_changes_nothing(tag: str) -> None:
    assert normalise(normalise(tag)) == normalise(tag)


def test_fallbacks_end_with_the_source() -> None:
    assert chain("pt-BR") == ["pt-BR", "pt", "en"]
    assert chain("es-MX") == ["es-MX", "es-419", "es", "en"]
    assert chain("en-GB")[-1] == "en"
    assert identifier("pt-br") == "pt_BR"


@pytest.mark.parametrize("tag", PLANNED)
def test_plural_headers_are_understood_by_gettext_and_agree_with_cldr(tag: str) -> None:
    from workstation.i18n.tags import babel_locale

    header = plural_header(tag)
    choose = gettext.c2py(header.partition("plural=")[2].rstrip(";"))
    rule = babel_locale(tag).plural_form
    order = [name for name in ("zero", "one", "two", "few", "many", "other") if name in {*rule.tags, "other"}]
    assert header.startswith(f"nplurals={len(order)};")
    for number in [*range(120), 1000, 1_000_000]:
        assert order[choose(number)] == rule(number)


def test_names_of_languages() -> None:
    assert language_name("ar", "en") == "Arabic"
    assert language_name("ar", "de") == "Arabisch"
    assert own_name("ar") == "العربية"
    assert own_name("pt-BR") == "Português (Brasil)"
    assert language_name("qqq", "en") == "qqq"
    assert language_name("<b>", "en") == "<b>"


def test_a_week_starts_where_the_region_says() -> None:
    assert [first_weekday(tag) for tag in ("de", "en", "en-GB", "ar", "he", "pt-BR")] == [0, 6, 0, 5, 6, 6]


def test_dates_follow_the_region_where_the_language_is_the_same() -> None:
    assert regional("en", ["en-GB"]) == "en-GB"
    assert regional("de", ["en-GB", "de-CH"]) == "de-CH"
    assert regional("nl", ["en-GB"]) == "nl"


def test_direction_of_interfaces_and_of_texts() -> None:
    assert [direction(tag) for tag in ("ar", "he", "fa", "ar-XB", "en", "ja", "en-XA")] == ["rtl"] * 4 + ["ltr"] * 3
    for tag in (
        "ckb",
        "dv",
        "ff-Adlm",
        "ks",
        "pa-PK",
        "ps",
        "sd",
        "sd-Deva",
        "ug",
        "ur",
        "yi",
        "zh-Hant",
        "sr-Latn",
        "uz-AF",
    ):
        assert direction(tag) == ("rtl" if babel_locale(tag).text_direction == "rtl" else "ltr")
    assert first_strong("12 (مرحبا) hello") == "rtl"
    assert first_strong("@user مرحبا") == "ltr"
    assert first_strong("\u2068abc\u2069 שלום") == "rtl"
    assert first_strong("123 🙂 …") is None
    assert text_direction("123", "rtl") == "rtl"


def test_whom_a_text_is_for_and_where_it_points_say_nothing_of_its_direction() -> None:
    assert text_direction("@care https://shop.example/1 أين طردي؟ #shop") == "rtl"
    assert text_direction("#shop @care@example.org where is it? مرحبا") == "ltr"
    assert text_direction("@care #shop", "rtl") == "ltr"
    laid = laid_out("@care أين؟ #shop")
    assert laid.startswith("\u200f\u200e@care\u200e")
    assert unmarked(laid) == "@care أين؟ #shop"
    assert laid_out("@care where?") == "@care where?"
    assert framed("Thank you.", "rtl") == "\u2066Thank you.\u2069"


def test_words_of_ours_face_the_reader() -> None:
    assert facing("Kuzey · acme", "rtl") == "\u200f\u2066Kuzey · acme\u2069"
    assert facing("22\n23", "rtl") == "\u200f\u206622\u2069\n\u200f\u206623\u2069"
    assert facing("\u2068Oscar\u2069، \u2068قبل\u2069", "rtl").startswith("\u200f\u2068Oscar")
    assert facing("قبل", "rtl") == "قبل"
    assert facing("قبل 2", "ltr") == "\u200eقبل 2"
    assert facing("22", "ltr") == "22"
