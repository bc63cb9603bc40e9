"""What tells who somebody is goes from a text, and nothing else of it has to make sense without."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workstation.domain.masking import HIDDEN, masked, spans, words_of

PERSONAL = (
    "@ana", "@ana@there.social", "ana.k@mail.example", "+49 170 1234567", "(030) 1234-567", "AB-4711", "#123",
    "DE89 3704 0044 0532 0130 00", "1Z999AA10123456784", "4711", "https://shop.example/order/77?mail=a@b.de",
    "١٢٣٤٥٦٧", "138 1234 5678",
)  # fmt: skip


@pytest.mark.parametrize("secret", PERSONAL)
@pytest.mark.parametrize("text", ["My order {} is late", "{}", "注文番号は{}です", "הזמנה {}, תודה"])
def test_personal_parts_are_hidden(secret: str, text: str) -> None:
    shown = masked(text.format(secret))
    assert HIDDEN in shown
    digits = [char for char in shown if char.isdecimal()]
    assert len(digits) <= 4, shown
    assert "ana" not in shown
    assert "mail" not in shown


@pytest.mark.parametrize("text", ["Since 2024 nothing works", "I waited 3 days, 12 hours", "5 of 7", "Danke!", ""])
def test_what_tells_nothing_of_anybody_stays(text: str) -> None:
    assert masked(text) == text


def test_names_that_are_known_are_hidden_in_any_case() -> None:
    names = words_of("Ana Kovacs") | words_of("Jörg")
    assert masked("Dear Mrs KOVACS, greetings to jörg", names) == f"Dear Mrs {HIDDEN}, greetings to {HIDDEN}"
    assert "ana" not in names, "too short to be told from a word"


@given(st.text(), st.sampled_from(PERSONAL[:8]), st.text())
def test_spans_cover_what_is_masked(before: str, secret: str, after: str) -> None:
    text = f"{before} {secret} {after}"
    for start, end in spans(text):
        assert 0 <= start < end <= len(text)
    assert bool(spans(text)) is (masked(text) != text)


@given(st.text(max_size=3_000))
def test_any_text_can_be_masked(text: str) -> None:
    masked(text, frozenset({"name"}))
