"""The grammar of filters: every filter can be written and read back; any text parses or says why not."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.domain.strategies import terms
from tests.store.factories import NOW, author
from workstation.domain.cases import Case, Entry, Holder, Status
from workstation.domain.errors import FilterError
from workstation.domain.filter_parser import DEEPEST, LONGEST
from workstation.domain.filter_terms import FIELDS, All, AnyOf, Flag, Is, Name, Named, Not, Published, Term, Word
from workstation.domain.filters import Context, Filter, fold, parse, to_text
from workstation.domain.messages import Kind, Mark, Media, MediaKind, Message

CONTEXT = Context({"acme": 1, "beta shop": 2}, NOW)
HOUR = 3_600_000_000


def entry(case: Case | None = None, **changed: object) -> Entry:
    """An entry of channel 1."""
    values: dict[str, object] = {
        "id": 1,
        "channel": 1,
        "remote_id": "r",
        "kind": Kind.MENTION,
        "author": author(),
        "text": "Where is my Parcel?",
        "created_at": NOW - HOUR,
        "received_at": NOW,
    }
    return Entry(Message(**(values | changed)), case)  # type: ignore[arg-type]


def matches(text: str, tested: Entry) -> bool:
    return parse(text).predicate(CONTEXT)(tested)


@given(terms)
def test_what_is_written_reads_back(term: Term) -> None:
    found = parse(to_text(Filter(term)))
    assert found.term == term


PIECES = [
    "(",
    ")",
    "-",
    "OR",
    "AND",
    '"',
    "\\",
    " ",
    "is:",
    "is:mine",
    "has:link",
    "before:",
    "-2h",
    "2025-03-01",
    "tag:",
    ":",
    "x",
    "priority:",
    ">=",
    "2",
    "\ud800",
    "\0",
    "\u202e",
    "é",
    "lang:de",
    "author:@",
    "http://x",
    "after:",
    "9999-12-31",
    "0001-01-01",
]


@given(st.text(max_size=200) | st.lists(st.sampled_from(PIECES), max_size=30).map("".join))
def test_any_text_parses_or_says_where_it_does_not(text: str) -> None:
    try:
        found = parse(text)
    except FilterError as error:
        refused = error
    else:
        found.predicate(CONTEXT)(entry())
        assert parse(to_text(found)) == found
        return
    assert 0 <= refused.position <= len(text)
    assert str(refused)


@pytest.mark.parametrize(
    ("text", "position"),
    [
        ("(a", 0),
        ("a)", 1),
        ("a OR", 4),
        ("OR a", 2),
        ("()", 0),
        ("-", 0),
        ("a - b", 2),
        ("is:", 0),
        ("is:blue", 0),
        ("colour:red", 0),
        ("x status:shut", 2),
        ('"open', 0),
        ('""', 0),
        ("before:soon", 0),
        ("after:-2y", 0),
        ("after:2025-13-01", 0),
        ("priority:high", 0),
        ("priority:99999999", 0),
        ("tag:", 0),
        ("after:-0h", 0),
    ],
)
def test_mistakes_are_pointed_at(text: str, position: int) -> None:
    with pytest.raises(FilterError) as caught:
        parse(text)
    assert caught.value.position == position


def test_size_and_depth_are_limited() -> None:
    for text in ("x" * (LONGEST + 1), "(" * 1_000 + "x" + ")" * 1_000, "-" * (DEEPEST + 1) + "x"):
        with pytest.raises(FilterError):
            parse(text)
    assert parse("(" * DEEPEST + "x" + ")" * DEEPEST) == parse("x")


@pytest.mark.parametrize(
    ("text", "term"),
    [
        ("", None),
        ("  ", None),
        ("a b", All((Word("a"), Word("b")))),
        ("a AND b", All((Word("a"), Word("b")))),
        ("a b OR c", AnyOf((All((Word("a"), Word("b"))), Word("c")))),
        ("a (b OR c)", All((Word("a"), AnyOf((Word("b"), Word("c")))))),
        ("--is:own", Is(Flag.OWN)),
        ("-is:own", Not(Is(Flag.OWN))),
        ('"next  week"', Word("next  week")),
        ('"OR"', Word("OR")),
        ("IS:Own", Is(Flag.OWN)),
        ("https://example.org/?q=1", Word("https://example.org/?q=1")),
        ("12:30", Word("12:30")),
        ('tag:"to do"', Named(Name.TAG, "to do")),
        ("before:-90m", Published(True, ago=90 * 60_000_000)),
        ("after:1970-01-02", Published(False, at=86_400_000_000)),
        ("after:1970-01-01T02:00+01:00", Published(False, at=HOUR)),
    ],
)
def test_what_texts_mean(text: str, term: Term | None) -> None:
    assert parse(text).term == term


CASE = Case(
    1, 1, "b", 1, status=Status.OPEN, holder=Holder.MINE, tags=("refund",), waiting_since=5, due_at=NOW - 1, priority=3
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("parcel", True),
        ("PARCEL", True),
        ("parcels", False),
        ("is my", True),
        ("customer", True),
        ('"Customer 1"', True),
        ("channel:ACME", True),
        ('in:"beta shop"', False),
        ("channel:nowhere", False),
        ("network:mastodon", True),
        ("author:customer1", True),
        ("author:@Customer1@example.org", True),
        ("author:customer", False),
        ("lang:pt", True),
        ("lang:pt-br", True),
        ("lang:p", False),
        ("source:hashtag", True),
        ("source:hashtag:acme", True),
        ("source:hash", False),
        ("kind:mention", True),
        ("visibility:public", True),
        ("status:open", True),
        ("tag:REFUND", True),
        ("is:mine", True),
        ("is:free", False),
        ("is:late", True),
        ("is:unanswered", True),
        ("is:spam", True),
        ("is:edited", False),
        ("has:media", True),
        ("has:link", False),
        ("has:case", True),
        ("has:note", False),
        ("has:tag", True),
        ("has:promise", True),
        ("priority:>=3", True),
        ("priority:3", True),
        ("priority:<3", False),
        ("after:-2h", True),
        ("before:-2h", False),
        ("outcome:answered", False),
        ("-outcome:answered", True),
    ],
)
def test_what_filters_select(text: str, expected: bool) -> None:
    tested = entry(
        CASE,
        language="pt-BR",
        sources=("hashtag:acme",),
        marks=(Mark.SPAM,),
        media=(Media(MediaKind.IMAGE, "https://x"),),
    )
    assert matches(text, tested) is expected


@pytest.mark.parametrize(
    "text", ["is:mine", "is:free", "status:open", "tag:x", "priority:<9", "has:case", "is:unanswered", "is:late"]
)
def test_a_message_without_a_case_meets_no_condition_on_one(text: str) -> None:
    assert not matches(text, entry())
    assert matches(f"-{text}", entry())


def test_folding_joins_what_people_write_alike() -> None:
    assert fold("STRASSE") == fold("straße")
    assert fold("ﬁne") == "fine"
    assert fold("É") == fold("E\u0301")
    assert fold("\ud800") == "?"


def test_only_some_filters_change_with_the_time() -> None:
    assert parse("a (b OR -after:-2h)").relative
    assert parse("is:late").relative
    assert not parse("after:2025-01-01 is:mine").relative


def test_terms_are_data() -> None:
    found = parse("channel:acme (tag:a OR -priority:>=2) before:-1d")
    assert msgspec.json.decode(msgspec.json.encode(found), type=Filter) == found
    assert set(FIELDS) >= {"channel", "is", "before"}
