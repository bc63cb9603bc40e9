"""Masks: what is hidden comes back as it was, or it is said what is wrong."""

import re

from hypothesis import given
from hypothesis import strategies as st

from workstation.domain.translation import CLOSE, OPEN, mask, unmask

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
