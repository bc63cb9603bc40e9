"""Words to look articles up by, passages, quotation marks, age."""

from hypothesis import given
from hypothesis import strategies as st

from workstation.domain.knowledge import STALE_AFTER, Article, passage, quoted, words_of


def test_words_leave_out_what_says_nothing() -> None:
    words = words_of(("Where is my Parcel? https://x.example/parcel @ana 12345", "PARCEL late"))
    assert words == ("where", "is", "my", "parcel", "late")


def test_scripts_without_blanks_go_by_pairs() -> None:
    assert {"返品", "した"} <= set(words_of(("返品したいです",)))


@given(st.text(max_size=400), st.lists(st.text(max_size=8), max_size=5))
def test_a_passage_is_of_the_text_and_short(text: str, words: list[str]) -> None:
    found = passage(text, tuple(words))
    assert len(found) <= 321
    assert found.removesuffix("…") in text


def test_the_passage_with_the_words_is_taken() -> None:
    text = "About us.\n\nReturns are free within 30 days.\n\nContact."
    assert passage(text, ("returns", "free")) == "Returns are free within 30 days."


def test_quotation_marks_follow_the_language() -> None:
    assert quoted("a\nb") == "“a b”"
    assert quoted("a", "de-AT") == "„a“"
    assert quoted("a", "fr") == "«\u00a0a\u00a0»"


def test_age() -> None:
    article = Article(1, "help", "a.md", "A", "a", updated_at=1_000)
    assert not article.stale(1_000 + STALE_AFTER)
    assert article.stale(1_001 + STALE_AFTER)
    assert not Article(1, "help", "a.md", "A", "a").stale(10**18)
