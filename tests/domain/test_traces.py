"""What points to a person is found however it is written, and what points to others is left alone."""

import base64
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workstation.domain.privacy import Term, TermKind
from workstation.domain.traces import MASK, ByteSearch, Masker, spellings

TERMS = (
    Term("ada@x.example", TermKind.HANDLE),
    Term("ada", TermKind.LOCAL),
    Term("https://x.example/@ada", TermKind.ADDRESS),
    Term("Ada Lovelace", TermKind.WORD),
    Term("Bo", TermKind.WORD),
    Term("山田太郎", TermKind.WORD),
    Term("not this", TermKind.WORD, on=False),
)
MASKER = Masker(TERMS)


@pytest.mark.parametrize(
    ("text", "after"),
    [
        ("Hi @ada@x.example!", f"Hi {MASK}!"),
        ("@ada, hi. @ADA.", f"{MASK}, hi. {MASK}."),
        ("mailto:ADA@X.example.", f"mailto:{MASK}."),
        ("https://x.example/@ada/1234?x=1 see", f"{MASK} see"),
        ("https://x.example/users/ada/statuses/9 end", f"{MASK} end"),
        ("x ada%40x.example y", f"x {MASK} y"),
        ("ADA  LOVELACEs book", f"{MASK}s book"),
        ("Bob and Bo", f"Bob and {MASK}"),
        ("山田太郎さん", f"{MASK}さん"),
        ("> @ada@x.example:\n> her words\n> more\nmine", f"> {MASK}\nmine"),
        ("@ada@other.example", "@ada@other.example"),
        ("@adam and nada@x.example", "@adam and nada@x.example"),
        ("https://x.example/@adam/1", "https://x.example/@adam/1"),
        ("ada@x.example.org", "ada@x.example.org"),
        ("not this", "not this"),
        ("", ""),
    ],
)
def test_masked(text: str, after: str) -> None:
    assert MASKER.mask(text) == after
    assert MASKER.found_in(text) is (text != after)
    assert MASKER.mask(after) == after


def test_json_is_masked_string_by_string() -> None:
    told = json.dumps({"who": "Ada Lovelace", "n": [1, 'x "Bo" y', {"ada@x.example": None}]}).replace("L", "\\u004c")
    assert json.loads(MASKER.mask_json(told)) == {"who": MASK, "n": [1, f'x "{MASK}" y', {MASK: None}]}
    assert MASKER.mask_json("no json Bo") == f"no json {MASK}"
    assert MASKER.mask_json('["Bob"]') == '["Bob"]'


def test_beside_another_of_the_same_first_name() -> None:
    assert MASKER.beside(("ada@other.example",)).mask("@ada hi, ada@x.example") == f"@ada hi, {MASK}"
    assert MASKER.beside(("bob@b.example",)) is MASKER


NAMES = st.text(min_size=6, max_size=20).filter(lambda text: len(text.strip()) >= 6)


@given(NAMES, st.binary(max_size=40), st.integers(0, 2))
def test_bytes_are_found_in_every_encoding(text: str, around: bytes, shift: int) -> None:
    term = Term(text, TermKind.WORD)
    search = ByteSearch((term,))
    for spelling in spellings(text.strip()):
        for encoding in ("utf-8", "utf-16-le", "utf-16-be"):
            assert search.found_in(around + spelling.encode(encoding, "replace") + around)
    data = text.strip().encode("utf-8", "replace")
    if len(data) >= 12:
        assert search.found_in(base64.b64encode(b"q" * shift + data + b"zz"))


PARTS = ("Ada Lovelace", "ada@x.example", "@ada", "Bob", "@ada@other.example", "x", "\n", " ")


@given(st.lists(st.sampled_from(PARTS)))
def test_masking_once_is_enough(parts: list[str]) -> None:
    text = " ".join(parts)
    masked = MASKER.mask(text)
    assert not MASKER.found_in(masked)
    assert masked.count("Bob") == text.count("Bob")
    assert masked.count("@ada@other.example") == text.count("@ada@other.example")
