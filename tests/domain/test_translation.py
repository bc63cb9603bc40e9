"""Masks: what is hidden comes back as it was, or it is said what is wrong."""

import re
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workstation.domain.fixed_parts import CUT_SHORT, scan
from workstation.domain.translation import CLOSE, OPEN, Fault, MaskFault, mask, unmask

PIECES = st.sampled_from(
    (
        "Hello ", "Grüße, ", "شكرا ", "ありがとう", "สวัสดี", "नमस्ते ", " and ", ". ", "! ", "\n", "(", ")", "，",
        "https://example.org/a?b=1&c=(d)", "www.example.com", "acme.co/help", "@acme", "@acme@example.social",
        "@acme.bsky.social", "#refund", "#返品", "#٢٠٢٤سنة", "{first_name}", "{order_no|your order}", "{First Name}",
        "{{x}}", "anna@example.com", "AB-4711", "1Z999AA10123456784", "#4711", "1,234.50", "1.234,50", "١٬٢٣٤٫٥٠",
        "１２３", "12/05/2024", "14:30", "-5", "50%", "+49 30 1234567", "24h", "1st", "iPhone 15",
        "DE89 3704 0044 0532 0130 00", "👩\u200d👩\u200d👧\u200d👦", "👍🏽", "🇩🇪", "1️⃣", "❤️\u200d🔥", "⟦N1⟧", "⟦", "⟧",
        "\u200f", "\u2066", "می\u200cخواهم", "AcmePay", "Maria Gonzalez", "MARIA", "田中",
        "\U0001f3f4\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",
    )
)  # fmt: skip
TERMS = ("AcmePay",)
WIDE = str.maketrans("12345PCMUJ", "１２３４５ＰＣＭＵＪ")
NAMES = ("Maria Gonzalez", "田中太郎", "田中")
TEXTS = st.one_of(st.text(max_size=60), st.lists(PIECES, max_size=12).map("".join), st.lists(PIECES).map(" ".join))


@given(TEXTS)
def test_unmasking_is_lossless(text: str) -> None:
    masked = mask(text, TERMS, NAMES)
    assert unmask(masked.text, masked.kept) == text


@given(TEXTS)
def test_nothing_personal_is_left(text: str) -> None:
    bare = re.sub(f"{OPEN}[A-Z]\\d+{CLOSE}", "|", mask(text, TERMS, NAMES).text)
    assert not any(sign.isdecimal() for sign in bare)
    assert "http" not in bare.split()
    assert not re.search(r"(?<!\w)gonzalez(?!\w)", bare.casefold())
    assert "@acme" not in bare
    assert "田中" not in bare


def _masks(text: str) -> list[str]:
    return re.findall(f"{OPEN}[A-Z]\\d+{CLOSE}", text)


def _whole(text: str) -> bool:
    """Whether every part of the sample text is there once, as it was."""
    return all(text.count(part) == 1 for part in ("https://acme.example/a", "@acme", "AB-4711", "{name}", "🎉"))


SAMPLE = "Dear {name}, AB-4711 of @acme is at https://acme.example/a now 🎉"

RECOVERED: dict[str, Callable[[str], str]] = {
    "spaced": lambda mark: f"{mark[0]} {mark[1:-1]}\u00a0{mark[-1]}",
    "spaced within": lambda mark: mark.replace("1", " 1").replace("2", "\u20092"),
    "wide": lambda mark: mark.translate(WIDE),
    "lower case": str.lower,
    "other digits": lambda mark: mark.translate(str.maketrans("12345", "١٢٣٤٥")),
    "marks of direction": lambda mark: f"{mark[0]}\u200f{mark[1:-1]}\u202c{mark[-1]}",
    "isolated": lambda mark: f"\u2068{mark}\u2069",
    "joiners": lambda mark: f"{mark[0]}\u200b{mark[1:-1]}\ufeff{mark[-1]}",
}
FAULTS: dict[str, tuple[Callable[[str], str], Fault]] = {
    "dropped": (lambda mark: "", Fault.DROPPED),
    "doubled": (lambda mark: mark * 2, Fault.DOUBLED),
    "of no number": (lambda mark: mark[:2] + mark[-1], Fault.ALTERED),
    "of another number": (lambda mark: mark[:2] + "77" + mark[-1], Fault.ALTERED),
    "of another kind": (lambda mark: f"{mark[0]}X{mark[2:]}", Fault.ALTERED),
    "translated": (lambda mark: f"{mark[0]}Nummer {mark[2:]}", Fault.ALTERED),
    "transliterated": (lambda mark: mark.translate(str.maketrans("PCMUJ", "РСМУЈ")), Fault.ALTERED),
    "in other brackets": (lambda mark: f"[{mark[1:-1]}]", Fault.DROPPED),
    "open": (lambda mark: mark[:-1], Fault.DROPPED),
    "closed": (lambda mark: mark[1:], Fault.DROPPED),
    "nested": (lambda mark: f"{mark[0]}{mark}{mark[-1]}", Fault.ALTERED),
}


@pytest.mark.parametrize("place", range(5))
@pytest.mark.parametrize("way", sorted(RECOVERED))
def test_a_mask_that_is_only_written_otherwise_is_recovered(way: str, place: int) -> None:
    masked = mask(SAMPLE)
    mark = _masks(masked.text)[place]
    text = unmask(masked.text.replace(mark, RECOVERED[way](mark)), masked.kept)
    assert isinstance(text, str)
    assert _whole(text)


@pytest.mark.parametrize("place", range(5))
@pytest.mark.parametrize("way", sorted(FAULTS))
def test_a_mask_that_is_not_as_it_was_is_a_fault_that_names_it(way: str, place: int) -> None:
    masked = mask(SAMPLE)
    mark = _masks(masked.text)[place]
    change, fault = FAULTS[way]
    found = unmask(masked.text.replace(mark, change(mark)), masked.kept)
    assert isinstance(found, MaskFault)
    assert found.fault is fault
    assert found.what in found.text.values()["what"]  # type: ignore[operator]


@given(st.permutations(range(5)))
def test_masks_may_change_places(order: list[int]) -> None:
    masked = mask(SAMPLE)
    marks = _masks(masked.text)
    text = unmask(" ".join(marks[place] for place in order), masked.kept)
    assert isinstance(text, str)
    assert _whole(text)


@given(TEXTS, st.data())
def test_a_changed_answer_keeps_every_part_or_is_a_fault(text: str, data: st.DataObject) -> None:
    masked = mask(text, TERMS, NAMES)
    signs = list(masked.text)
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, len(signs)))
        if data.draw(st.booleans()) and signs:
            del signs[min(place, len(signs) - 1)]
        else:
            signs.insert(place, data.draw(st.sampled_from([*"⟦⟧N1 0aA\u202e@#/.", *masked.text])))
    found = unmask("".join(signs), masked.kept)
    if isinstance(found, str):
        for part in masked.kept:
            assert part.text in found
        wanted = sorted(part.text for part in scan(text, TERMS, NAMES) if part.kind in CUT_SHORT)
        assert sorted(part.text for part in scan(found, TERMS, NAMES) if part.kind in CUT_SHORT) == wanted


@pytest.mark.parametrize(
    ("added", "what"),
    [
        ("https://evil.example", "https://evil.example"), ("@evil", "@evil"), ("#evil", "#evil"), ("{evil}", "{evil}"),
        ("evil@evil.example", "evil@evil.example"),
    ],
)  # fmt: skip
def test_what_nobody_wrote_is_a_fault(added: str, what: str) -> None:
    masked = mask(SAMPLE)
    assert unmask(f"{masked.text} {added}", masked.kept) == MaskFault(Fault.INVENTED, what)


@pytest.mark.parametrize(
    ("source", "target", "wanted"),
    [
        ("hi @acme ok", "はい{}です", "はい @acme です"), ("see #refund ok", "見て{}を", "見て #refund を"),
        ("see https://acme.example/a ok", "見て{}を", "見て https://acme.example/a を"),
        ("a 15 b", "全部{}個", "全部15個"),
    ],
)  # fmt: skip
def test_no_letter_becomes_part_of_an_address(source: str, target: str, wanted: str) -> None:
    masked = mask(source)
    assert unmask(target.format(_masks(masked.text)[0]), masked.kept) == wanted


@pytest.mark.parametrize(
    ("text", "names", "left"),
    [
        ("Hi Maria, your parcel", ("Maria Gonzalez",), "Hi ⟦A1⟧, your parcel"),
        ("MARIA GONZALEZ wrote", ("Maria Gonzalez",), "⟦A1⟧ wrote"),
        ("Ali'ye yazdık", ("Ali",), "⟦A1⟧'ye yazdık"),
        ("מריה ולמריה", ("מריה",), "⟦A1⟧ ול⟦A2⟧"),
        ("田中様へ", ("田中 太郎",), "⟦A1⟧様へ"),
        ("김민수님", ("김민수",), "⟦A1⟧님"),
        ("राम का पार्सल, रामायण", ("राम",), "⟦A1⟧ का पार्सल, रामायण"),
        ("Marian is not Maria", ("Maria",), "Marian is not ⟦A1⟧"),
        ("de la Cruz", ("Ana de la Cruz",), "de la ⟦A1⟧"),
        ("Van der Berg von der Post", ("Jan van der Berg",), "Van der ⟦A1⟧ von der Post"),
        ("Max, max. two; MAX", ("Max Li",), "⟦A1⟧, max. two; ⟦A2⟧"),
        ("at 2:30 PM or 5 p.m., 9am", (), "at ⟦N1⟧ or ⟦N2⟧, ⟦N3⟧"),
        ("call +49 30 1234567 or 0301234567", (), "call ⟦N1⟧ or ⟦N2⟧"),
    ],
)  # fmt: skip
def test_who_somebody_is_stays_here(text: str, names: tuple[str, ...], left: str) -> None:
    assert mask(text, (), names).text == left


@pytest.mark.parametrize("emoji", ["👩\u200d👩\u200d👧\u200d👦", "👍🏽", "🇩🇪", "1️⃣", "❤️\u200d🔥", "🏳️\u200d🌈", "☺️", "©️"])
def test_an_emoji_is_one_part(emoji: str) -> None:
    assert mask(f"Thanks {emoji}!").text == "Thanks ⟦J1⟧!"
    assert mask(f"Thanks {emoji}{emoji}!").text == "Thanks ⟦J1⟧!"


@pytest.mark.parametrize(
    "text",
    [
        "Send it to 221B Baker Street, please", "nach Hauptstraße 5 bitte", "in der Karl-Marx-Straße 12a",
        "au 12 rue de la Paix", "en la calle Mayor 7", "en Avenida de los Insurgentes, 300", "na rua das Flores 20",
        "in via Garibaldi 3", "naar Kerkstraat 8", "na ul. Marszałkowska 3", "вул. Хрещатик 1", "ул. Ленина, 5",
        "Atatürk Caddesi No. 5", "di Jl. Sudirman 10", "đường Nguyễn Huệ 12", "في شارع التحرير 15", "ברחוב דיזנגוף 50",
    ],
)  # fmt: skip
def test_where_somebody_lives_stays_here(text: str) -> None:
    masked = mask(text)
    assert [part.kind.value for part in masked.kept].count("A") == 1, masked.text
    for word in (
        "Baker",
        "Haupt",
        "Marx",
        "Paix",
        "Mayor",
        "Insurgentes",
        "Flores",
        "Garibaldi",
        "Kerk",
        "Marsz",
        "Хрещ",
    ):
        assert word not in masked.text
    assert unmask(masked.text, masked.kept) == text


@pytest.mark.parametrize(
    "text",
    [
        "I read it on Wall Street", "write via Email 3 times", "We are 5 people. The Road is closed", "Wir gehen weg 5",
        "Pay 5 now. Court fees apply", "place 2 orders", "Am Montag um 5 Uhr",
    ],
)  # fmt: skip
def test_what_is_no_street_is_translated(text: str) -> None:
    assert "A" not in {part.kind.value for part in mask(text).kept}, mask(text).text
