"""What is wrong with a translation: numbers as their readers read them, and everything that must not change."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workstation.domain.checks import Finding, Kind, Severity, Side, Wording, _ends, blocked, compare
from workstation.domain.fixed_parts import _shapes_in, edge, scan
from workstation.domain.tags import same_language
from workstation.domain.templates import Formality
from workstation.domain.translation import Pair


def found(source: str, target: str, languages: str = "en de", **more: Any) -> tuple[Finding, ...]:
    one, other = languages.split()
    return compare(source, target, pair=Pair(one, other), **more)


def kinds(source: str, target: str, languages: str = "en de", **more: Any) -> list[tuple[Kind, Severity]]:
    return [(finding.kind, finding.severity) for finding in found(source, target, languages, **more)]


@pytest.mark.parametrize(
    ("languages", "source", "target"),
    [
        ("en de", "1,234.50", "1.234,50"), ("en de", "1,234.50", "1 234,50"), ("en fr", "10,000", "10\u202f000"),
        ("en ar", "1,234.50", "١٬٢٣٤٫٥٠"), ("en fa", "12.5", "۱۲٫۵"), ("hi en", "₹१,००,०००", "₹100,000"),
        ("en ja", "50%", "５０％"), ("en tr", "50%", "%50"), ("en de", "$5", "5 $"), ("en de", "$5", "5 Dollar"),
        ("en de", "12/05/2024", "12.05.2024"), ("en de", "12/05/2024", "05.12.2024"), ("en de", "14:30", "14.30 Uhr"),
        ("en de", "-5", "\u22125"), ("en de", "3-5 days", "3 bis 5 Tage"), ("en es-419", "1,234.50", "1,234.50"),
        ("en es", "1,234", "1.234"), ("de en", "1.000.000", "1,000,000"), ("en pl", "12 345 items", "12345 sztuk"),
        ("en de", "iOS 17.4", "iOS 17.4"), ("en de", "v1.2.3", "v1.2.3"), ("en de", "+49 30 1234567", "+49301234567"),
        ("en de", "24h", "24 Std."), ("en de-CH", "1,234.50", "1’234.50"), ("en th", "1,234", "๑,๒๓๔"),
        ("en de", "2:30 PM", "14:30"), ("en de", "2 p.m.", "14 Uhr"), ("en de", "2:00 PM", "14.00 Uhr"),
        ("en de", "12:15 am", "0:15 Uhr"), ("en de", "2:30 PM", "2:30 PM"), ("en de", "14:00", "14 Uhr"),
        ("en de", "12.50", "12,5"), ("en vi", "1,500,000₫", "1.500.000 ₫"),
    ],
)  # fmt: skip
def test_the_same_number_is_the_same_however_it_is_written(languages: str, source: str, target: str) -> None:
    assert kinds(f"a {source} b", f"x {target} y", languages) == []


@pytest.mark.parametrize(
    ("languages", "source", "target"),
    [
        ("en de", "1,234.50", "1.234,05"), ("en de", "1,500", "1,600"), ("en de", "10", "100"), ("en de", "10", "zehn"),
        ("en de", "5", "-5"), ("en de", "12/05/2024", "12.06.2024"), ("en ar", "15", "١٦"), ("en de", "$5", "5 €"),
        ("en en", "1.5", "15"), ("en de", "1 and 2", "1 und 1"), ("en de", "007123", "7123"), ("en de", "50%", "$50"),
        ("en de", "14:30", "14:03"), ("en de", "2:30 PM", "2:30"), ("en de", "2:30 PM", "2:30 AM"),
        ("en fr", "10,000", "10 00"), ("en de", "none", "kostet 99"),
    ],
)  # fmt: skip
def test_another_number_blocks(languages: str, source: str, target: str) -> None:
    assert (Kind.NUMBER, Severity.BLOCK) in kinds(f"a {source} b", f"x {target} y", languages)


def test_a_number_that_reads_as_another_one_is_a_warning() -> None:
    assert kinds("pay 1.500", "zahle 1.500") == [(Kind.NUMBER, Severity.WARN)]
    assert kinds("two parcels", "2 Pakete") == [(Kind.NUMBER, Severity.WARN)]


@pytest.mark.parametrize(
    ("kind", "part", "other"),
    [
        (Kind.URL, "https://acme.example/a", "https://acme.example/b"), (Kind.URL, "acme.co/a", "acme.co/b"),
        (Kind.URL, "https://acme.example/a", "HTTPS://ACME.EXAMPLE/A"), (Kind.MENTION, "@acme", "@akme"),
        (Kind.MENTION, "@acme@a.example", "@acme"), (Kind.HASHTAG, "#refund", "#Erstattung"),
        (Kind.HASHTAG, "#返品", "#返"),
        (Kind.EMAIL, "a@b.example", "a@c.example"), (Kind.CODE, "AB-4711", "AB-4712"), (Kind.CODE, "#4711", "#4712"),
    ],
)  # fmt: skip
def test_what_must_not_change_blocks_where_it_does(kind: Kind, part: str, other: str) -> None:
    source = f"See {part} please"
    assert kinds(source, f"Siehe {part} bitte") == []
    changed = found(source, f"Siehe {other} bitte")
    assert blocked(changed)
    assert f"Siehe {other} bitte"[changed[0].start : changed[0].end] == other
    (lost,) = [each for each in found(source, "Siehe bitte") if each.kind is kind]
    assert (lost.blocks, lost.side, source[lost.start : lost.end]) == (True, Side.SOURCE, part)
    assert blocked(found("See please", f"Siehe {part} bitte"))
    assert blocked(found(source, f"Siehe {part} {part} bitte"))


def test_terms_stay_as_they_are() -> None:
    terms = ("AcmePay", "東京店")
    assert found("AcmePay works", "AcmePay geht", terms=terms) == ()
    assert found("AcmePay works", "AcmePayはAcmePayです", "en ja", terms=terms) == ()
    for target in ("acmepay geht", "AkmePay geht", "Geht", "AcmePayment geht"):
        assert blocked(found("AcmePay works", target, terms=terms)), target
    assert blocked(found("東京店です", "Tokyo store", "ja en", terms=terms))


def test_placeholders_are_filled_or_the_same() -> None:
    unfilled = found("Hello {name}", "Hallo {name}")
    assert [(each.start, each.end, each.blocks) for each in unfilled] == [(6, 12, True)]
    assert found("Hello {name}", "Hallo {name}", template=True) == ()
    assert blocked(found("Hello {name}", "Hallo {nom}", template=True))
    assert blocked(found("Hello {name}", "Hallo", template=True))
    assert blocked(found("Hello {name}", "Hallo"))
    assert blocked(found("Hello", "Hallo {First Name}"))


def test_warnings_do_not_block() -> None:
    glossary = (Wording("refund", ("Rückerstattung", "Erstattung")),)
    cases = (
        (found("Your refund", "Ihr Geld", glossary=glossary), Kind.GLOSSARY),
        (found("Thanks 🎉", "Danke"), Kind.EMOJI),
        (found("How are you", "Wie geht es dir", formality=Formality.FORMAL), Kind.FORMALITY),
        (found("How are you", "Wie geht es Ihnen", formality=Formality.INFORMAL), Kind.FORMALITY),
        (found("How are you", "Comment ça va", detected="fr"), Kind.LANGUAGE),
        (found("How are you", "How are you"), Kind.LANGUAGE),
        (found("How are you", "Wie geht es", similarity=69.9), Kind.SIMILARITY),
    )
    for findings, kind in cases:
        assert [each.kind for each in findings] == [kind]
        assert not blocked(findings)
    assert found("Your refund", "Ihre Rückerstattung", glossary=glossary) == ()
    assert found("refunded", "erstattet", glossary=glossary) == ()
    assert found("How are you", "Wie geht es", similarity=70.0, detected="de-AT") == ()


@pytest.mark.parametrize(
    ("language", "formal", "informal"),
    [
        ("de", "Haben Sie Ihr Paket", "Hast du dein Paket"), ("fr", "Avez-vous votre colis", "As-tu ton colis"),
        ("es-419", "¿Tiene usted el paquete?", "¿Tú tienes tu paquete?"), ("ru", "Ваш заказ", "Твой заказ"),
        ("uk", "Ваше замовлення", "Твоє замовлення"), ("nl", "Heeft u uw pakket", "Heb je jouw pakket"),
        ("pl", "Czy ma Pan paczkę", "Czy masz swój kod dla ciebie"), ("zh-Hans", "您的包裹", "你的包裹"),
        ("hi", "आपका पार्सल", "तुम्हारा पार्सल"), ("tr", "Size yazdık", "Sana yazdık"), ("fa", "سفارش شما", "سفارش تو"),
    ],
)  # fmt: skip
def test_the_other_address_is_found(language: str, formal: str, informal: str) -> None:
    pair = Pair("en", language)
    for wanted, right, wrong in ((Formality.FORMAL, formal, informal), (Formality.INFORMAL, informal, formal)):
        assert compare("x", right, pair=pair, formality=wanted) == ()
        assert {each.kind for each in compare("x", wrong, pair=pair, formality=wanted)} == {Kind.FORMALITY}


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("pt-BR", "pt", True), ("zh-Hans", "zh-Hant", False), ("zh-TW", "zh-Hant", True), ("zh", "zh-Hant", True),
        ("de", "nl", False), ("en_GB", "en-US", True),
    ],
)  # fmt: skip
def test_languages_are_the_same_for_their_readers(one: str, other: str, same: bool) -> None:
    assert same_language(one, other) is same


@given(st.text(max_size=80), st.text(max_size=80), st.sampled_from(("en de", "ar en", "hi ja", "es fa")))
def test_nothing_breaks_and_places_are_in_the_text(source: str, target: str, languages: str) -> None:
    for finding in found(source, target, languages, terms=("a", "AcmePay"), glossary=(Wording("a", ("b",)),)):
        text = target if finding.side is Side.TARGET else source
        assert finding.start == finding.end == -1 or 0 <= finding.start < finding.end <= len(text)


@given(st.text(max_size=80), st.sampled_from(("en en", "ar ar", "hi hi", "es es", "de de")))
def test_a_text_is_never_blocked_beside_itself(text: str, languages: str) -> None:
    assert not blocked(found(text, text, languages, terms=("a",), template=True))


@given(st.integers(-10_000_000, 10_000_000), st.integers(0, 99))
def test_every_number_agrees_with_itself_in_every_language(whole: int, cents: int) -> None:
    english = f"{whole:,}.{cents:02}"
    german = english.translate(str.maketrans(",.", ".,"))
    arabic = english.translate(str.maketrans("0123456789,.", "٠١٢٣٤٥٦٧٨٩٬٫"))
    french = english.translate(str.maketrans(",.", "\u202f,"))
    hindi = english.translate(str.maketrans("0123456789", "०१२३४५६७८९"))
    for language, text in (("de", german), ("ar", arabic), ("fr", french), ("hi", hindi)):
        assert found(f"Pay {english} now", f"x {text} y", f"en {language}") == ()
        assert found(f"x {text} y", f"Pay {english} now", f"{language} en") == ()
        assert blocked(found(f"Pay {whole + 1:,}.{cents:02} now", f"x {text} y", f"en {language}"))


_BITS = st.sampled_from(
    (
        "DE89 3704 0044 0532 0130 00", "GB82 WEST ABCD EFGH", "{order no}", "{our very long name}", "{", "}", "5 pm",
        "+49 30 12 34 56", "1 234 567", "10:30 a.m.", "# 4711", "#so", "@ada", "$ 5", "5 €", "https://a.example/x y",
        "ada@b.example", "A-12 b", "parcel", "tomorrow morning", "ABCD", "Ünïcode wörter", "नमस्ते", "荷物 です", "🙂",
        "24h", "x1y2", "a/b", "\n",
    )
)  # fmt: skip


@given(st.lists(_BITS | st.text(max_size=4), max_size=14).map(" ".join) | st.text(max_size=60))
def test_looking_piece_by_piece_finds_what_looking_at_the_whole_does(text: str) -> None:
    whole = [(kind, text[start:end], start, end) for kind, start, end in _shapes_in(text)]
    assert [(part.kind, part.text, part.start, part.end) for part in scan(text)] == whole


@given(st.text("ab1 _.-あ", max_size=12), st.integers(0, 12))
def test_a_word_of_the_glossary_ends_where_any_word_does(text: str, place: int) -> None:
    assert _ends(text, min(place, len(text))) == edge(text, min(place, len(text)))
