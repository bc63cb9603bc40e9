"""Families: which variant a customer gets and why, what has drifted from its source, what an agent finds by."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workstation.domain.template_fit import Wanted, ranked
from workstation.domain.templates import (
    OTHER,
    Drift,
    Family,
    Fit,
    Formality,
    Variant,
    chain,
    choose,
    drift,
    fingerprint,
    fitting,
    source_of,
)

N, F, I = Formality.NEUTRAL, Formality.FORMAL, Formality.INFORMAL  # noqa: E741 - as short as the table needs


def of(*pairs: tuple[str, Formality], source: str = "en") -> Family:
    return Family(1, "k", "K", tuple(Variant(tag, f"{tag} {how.value}", how) for tag, how in pairs), source)


@pytest.mark.parametrize(
    ("there", "wanted", "team", "got", "fit", "asked"),
    [
        (("en", "pt", "pt-BR"), "pt-BR", "de", "pt-BR", Fit.EXACT, ("pt-BR",)),
        (("en", "pt"), "pt-BR", "de", "pt", Fit.LANGUAGE, ("pt-BR", "pt")),
        (("en", "pt-PT"), "pt-BR", "de", "pt-PT", Fit.LANGUAGE, ("pt-BR", "pt")),
        (("en", "de"), "pt-BR", "de", "de", Fit.TEAM, ("pt-BR", "pt", "de")),
        (("en", "fr"), "pt-BR", "de", "en", Fit.ENGLISH, ("pt-BR", "pt", "de", "en")),
        (("fr",), "pt-BR", "de", "fr", Fit.ANY, ("pt-BR", "pt", "de", "en")),
        (("en", "zh-Hans", "zh-Hant"), "zh-TW", "en", "zh-Hant", Fit.LANGUAGE, ("zh-TW", "zh-Hant")),
        (("en", "es", "es-419"), "es-MX", "en", "es-419", Fit.LANGUAGE, ("es-MX", "es-419")),
        (("en", "pt"), "PT_br", "de", "pt", Fit.LANGUAGE, ("PT-br", "pt")),
        (("de", "en"), "", "en", "en", Fit.TEAM, ("en",)),
    ],
)
def test_the_way_down_is_told(
    there: tuple[str, ...], wanted: str, team: str, got: str, fit: Fit, asked: tuple[str, ...]
) -> None:
    chosen = choose(of(*((tag, N) for tag in there)), wanted, team)
    assert chosen is not None
    assert (chosen.variant.language, chosen.fit, chosen.asked) == (got, fit, asked)


def test_the_whole_way_is_known_before_anything_is_chosen() -> None:
    assert chain("pt-BR", "de") == ("pt-BR", "pt", "de", "en")
    assert chain("zh-TW", "en") == ("zh-TW", "zh-Hant", "zh", "en")
    assert chain("", "en") == ("en",)


@pytest.mark.parametrize(
    ("there", "asked", "got"),
    [((N, F, I), F, F), ((N, F, I), I, I), ((F, N), I, N), ((F, I), N, F), ((I,), F, I), ((F, N, I), N, N)],
)
def test_the_asked_form_of_address_wins(there: tuple[Formality, ...], asked: Formality, got: Formality) -> None:
    family = of(("en", N), *(("de", how) for how in there))
    chosen = choose(family, "de", formality=asked)
    assert chosen is not None
    assert (chosen.variant.language, chosen.variant.formality) == ("de", got)


def test_a_language_without_a_text_is_passed_by() -> None:
    family = Family(1, "k", "K", (Variant("en", "Hello."), Variant("de", " ")))
    chosen = choose(family, "de")
    assert chosen is not None
    assert chosen.variant.language == "en"


def test_a_variant_is_compared_with_the_source_of_its_form_of_address() -> None:
    family = of(("en", N), ("en", F), ("de", F), ("de", I))
    plain, formal, german, casual = family.variants
    assert source_of(family, german) is formal
    assert source_of(family, casual) is plain
    assert source_of(family, formal) is plain
    assert source_of(family, plain) is None
    assert source_of(of(("de", N)), Variant("de", "x")) is None


@given(st.text(max_size=20), st.text(max_size=20), st.integers(0, 3), st.integers(0, 3))
def test_what_fits_has_not_drifted(source: str, text: str, written: int, changed: int) -> None:
    variant = Variant("de", text, updated_at=written)
    family = Family(1, "k", "K", (Variant("en", source, updated_at=changed), variant))
    found = drift(family, variant)
    assert (found is Drift.OLDER) == (written < changed and bool(text.strip()))
    assert drift(family, fitting(family, variant)) is None
    assert not fitting(family, Variant("de", text, machine=True)).machine
    assert drift(family, Variant("de", "x", updated_at=9, made_for=OTHER)) is Drift.OTHER
    assert drift(family, Variant("de", "x", made_for=fingerprint(source))) is None
    assert drift(family, family.variants[0]) is None


def test_the_agents_language_finds_whatever_the_customers_is() -> None:
    late = Family(1, "late", "Spät", (Variant("en", "Your parcel is late."), Variant("de", "Ihr Paket ist spät dran.")))
    other = Family(2, "fr", "Colis", (Variant("en", "x"), Variant("fr", "Paket")), used=1000)
    wanted = Wanted("fr", reads="de")
    assert [each.key for each in ranked((other, late), "paket", wanted)] == ["late", "fr"]
    assert [each.key for each in ranked((other, late), "PAKET spät", wanted)] == ["late"]
    assert [each.key for each in ranked((other, late), "parcel", wanted)] == ["late"]
    assert ranked((other, late), "paket unsinn", wanted) == ()
