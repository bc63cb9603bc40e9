"""Segments: what is personal becomes a slot, sentences stand side by side, nothing is silently wrong when put back."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workstation.domain.memory import Segment
from workstation.domain.segments import SLOT, align, fill, plain, respelled, segments, sentence_at, sentences, slotted

DE = {"group": ",", "decimal": ".", "to_group": ".", "to_decimal": ","}
PIECES = st.sampled_from(
    ["Hello Ada,", "order 4711", "costs 1,234.50 EUR", "see https://x.example/a?b=1", "@ada@x.example", "#help",
     "AB-12", "in 14 days", "ada@x.example", "{name}", "😀", "⟦N1⟧", "يوم ١٤", "你好", "and", "\n", ".", "!"]
)  # fmt: skip


def test_a_reply_becomes_segments_without_anything_personal() -> None:
    source = "Hello Ada, order AB-4711 costs 1,234.50 EUR. It comes in 14 days!\nSee https://x.example/track?id=9"
    target = (
        "Hallo Ada, Bestellung AB-4711 kostet 1.234,50 EUR. Sie kommt in 14 Tagen!\nSiehe https://x.example/track?id=9"
    )
    found = segments(("en", "de"), source, target, names=("Ada Byron",))
    assert [(each.source, each.target) for each in found] == [
        ("Hello ⟦A1⟧, order ⟦C2⟧ costs ⟦N3⟧ EUR.", "Hallo ⟦A1⟧, Bestellung ⟦C2⟧ kostet ⟦N3⟧ EUR."),
        ("It comes in ⟦N1⟧ days!", "Sie kommt in ⟦N1⟧ Tagen!"),
        ("See ⟦U1⟧", "Siehe ⟦U1⟧"),
    ]


def test_what_would_be_wrong_with_another_number_is_not_remembered() -> None:
    assert segments(("en", "de"), "In 14 days.", "In zwei Wochen.") == ()
    (kept,) = segments(("en", "de"), "In two weeks.", "In 14 Tagen.")
    assert kept.target == "In ⟦N0⟧ Tagen."
    assert fill(kept, slotted("In two weeks.")).text == "In {number} Tagen."


def test_order_may_change_and_things_may_be_said_twice() -> None:
    (kept,) = segments(("en", "ja"), "From 3 May to 9 June", "6月9日まで、5月3日から 9")
    assert "⟦N2⟧" in kept.target
    assert "⟦N1⟧" in kept.target
    assert "⟦N0⟧" in kept.target


@given(st.lists(PIECES, max_size=12), st.lists(PIECES, max_size=12))
def test_nothing_that_must_not_be_kept_is_kept(one: list[str], other: list[str]) -> None:
    for segment in segments(("en", "de"), " ".join(one), " ".join(other), names=("Ada",)):
        for text in (segment.source, segment.target):
            bare = SLOT.sub(" ", text)
            assert "ada" not in bare.casefold()
            assert not re.search(r"\d|https|@|⟦|⟧", bare)
        numbers = [int(hit[2]) for hit in SLOT.finditer(segment.source)]
        assert numbers == list(range(1, len(numbers) + 1))
        assert {int(hit[2]) for hit in SLOT.finditer(segment.target)} <= {0, *numbers}


@given(st.lists(PIECES, min_size=1, max_size=12))
def test_the_same_text_gives_itself_again(pieces: list[str]) -> None:
    text = " ".join(" ".join(pieces).split()).replace("⟦", "").replace("⟧", "")
    query = slotted(text)
    filled = fill(Segment("en", "en", query.text, query.text), query)
    assert filled.text == text
    assert not filled.blanks
    assert len(filled.adapted) == len(query.slots)


@given(st.lists(PIECES, max_size=10), st.lists(PIECES, max_size=10))
def test_numbers_of_a_suggestion_are_those_of_the_text_or_blanks(one: list[str], other: list[str]) -> None:
    for segment in segments(("en", "de"), "word " + " ".join(one), "Wort " + " ".join(one)):
        query = slotted(" ".join(other))
        filled = fill(segment, query)
        given_numbers = {slot.text for slot in query.slots}
        for start, end in filled.adapted:
            assert filled.text[start:end] in given_numbers
        for start, end in filled.blanks:
            assert re.fullmatch(r"\{[a-z]+\}", filled.text[start:end])
        rest = list(filled.text)
        for start, end in (*filled.adapted, *filled.blanks):
            rest[start:end] = " " * (end - start)
        assert not re.search(r"\d", "".join(rest)), "every digit is one of the text that is written"


def test_numbers_take_the_separators_of_the_target() -> None:
    assert respelled("1,234.50", DE) == "1.234,50"
    assert respelled("12.5", DE) == "12,5"
    assert respelled("14", DE) == "14"
    assert respelled("1.234,50", DE) == "1.234,50", "written as in another language: it stays"
    assert respelled("12:30", DE) == "12:30"


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("One. Two! Three?", ["One.", "Two!", "Three?"]),
        ("Dr. Who came. It is 3.5 km.", ["Dr. Who came.", "It is 3.5 km."]),
        ("你好。谢谢！再见", ["你好。", "谢谢！", "再见"]),
        ("こんにちは。「はい。」と言った", ["こんにちは。", "「はい。」", "と言った"]),
        ("शुक्रिया। फिर मिलेंगे", ["शुक्रिया।", "फिर मिलेंगे"]),
        ("كيف حالك؟ بخير", ["كيف حالك؟", "بخير"]),
        ("a\n\nb", ["a", "b"]),
        ("", []),
    ],
)
def test_sentences(text: str, parts: list[str]) -> None:
    assert list(sentences(text)) == parts


@given(st.text(alphabet="ab .!?\n。", max_size=40), st.integers(0, 40))
def test_the_sentence_that_is_written(text: str, place: int) -> None:
    start, end = sentence_at(text, min(place, len(text)))
    assert 0 <= start <= end <= len(text)
    assert text[start:end] == text[start:end].strip()


def test_what_cannot_be_aligned_stays_whole() -> None:
    assert align("One. Two.", "Eins und zwei.") == (("One. Two.", "Eins und zwei."),)
    assert align("One. Two.\nThree.", "Eins. Zwei.\nDrei.") == (
        ("One.", "Eins."),
        ("Two.", "Zwei."),
        ("Three.", "Drei."),
    )
    assert align("One.", " ") == ()
    assert plain("  One \n TWO ") == "one two"
