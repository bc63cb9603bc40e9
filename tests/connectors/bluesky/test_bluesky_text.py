"""Text in and out: facets at UTF-8 offsets, full addresses, quoted lines, record keys, length."""

import string
from uuid import uuid4

import pytest
import regex
from hypothesis import given
from hypothesis import strategies as st

from workstation.connectors.bluesky import facets, text, tid
from workstation.connectors.bluesky.entities import ByteSlice, Facet, Feature
from workstation.connectors.bluesky.measure import measure
from workstation.domain.channels import LengthUnit
from workstation.domain.outbox import Act, Operation
from workstation.net.plain import CUT, TEXT_CAP

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=200)
PIECES = st.sampled_from(
    [
        "@alice.test",
        "#täg",
        "https://example.com/a?b=1",
        "日本語",
        "👩‍👩‍👧",
        " ",
        "\n",
        "a",
        "(",
        ")",
        ".",
        "@",
        "#",
        "http://",
    ]
)


def link(start: int, end: int, address: str) -> Facet:
    return Facet(ByteSlice(start, end), (Feature("app.bsky.richtext.facet#link", uri=address),))


def operation(act: Act = Act.POST, at: int = 1_795_340_525_123_456, name: str = "") -> Operation:
    return Operation(name or str(uuid4()), act, at=at)


# -- written here ------------------------------------------------------------------------------------------------------


def test_facets_stand_at_the_bytes_that_they_mean() -> None:
    said = "Grüße @alice.test und @nobody.test: https://example.com/a(b). www.example.org! #täg, #1 #日本 a@b.com"
    data = said.encode()
    made = [
        (data[facet["index"]["byteStart"] : facet["index"]["byteEnd"]].decode(), facet["features"][0])  # type: ignore[index]
        for facet in facets.facets(said, {"alice.test": "did:plc:alice"})
    ]
    assert made == [
        ("@alice.test", {"$type": "app.bsky.richtext.facet#mention", "did": "did:plc:alice"}),
        ("https://example.com/a(b)", {"$type": "app.bsky.richtext.facet#link", "uri": "https://example.com/a(b)"}),
        ("www.example.org", {"$type": "app.bsky.richtext.facet#link", "uri": "https://www.example.org"}),
        ("#täg", {"$type": "app.bsky.richtext.facet#tag", "tag": "täg"}),
        ("#日本", {"$type": "app.bsky.richtext.facet#tag", "tag": "日本"}),
    ]


@pytest.mark.parametrize(
    ("said", "kinds"),
    [
        ("https://", []),
        ("see (https://example.com).", ["link"]),
        ("https://example.com/#frag", ["link"]),
        ("##tag", ["tag"]),
        ("#" + "x" * 65, []),
        ("user@example.com", []),
        ("@alice", []),
        ("x@alice.test", []),
        ("@alice.test.", ["mention"]),
        ("https://example.com/@alice.test", ["link"]),
    ],
)
def test_what_becomes_a_facet(said: str, kinds: list[str]) -> None:
    assert [span.kind for span in facets.spans(said)] == kinds


@given(st.lists(st.one_of(PIECES, TEXTS), max_size=12).map("".join))
def test_facets_lie_within_the_text_and_apart(said: str) -> None:
    data, last = said.encode(), 0
    for facet in facets.facets(said, {"alice.test": "did:plc:alice"}):
        start, end = facet["index"]["byteStart"], facet["index"]["byteEnd"]  # type: ignore[index]
        assert last <= start < end <= len(data)
        data[start:end].decode()
        last = end


# -- read --------------------------------------------------------------------------------------------------------------


def test_shortened_links_are_shown_in_full() -> None:
    said = "ü see example.com/lo… and this"
    start = said.encode().index(b"example")
    end = start + len("example.com/lo…".encode())
    this = said.encode().index(b"this")
    shown = text.to_text(
        said, (link(start, end, "https://example.com/long/way"), link(this, this + 4, "https://evil.example"))
    )
    assert shown == "ü see https://example.com/long/way and this (https://evil.example)"


def test_a_link_that_says_something_else_shows_both() -> None:
    assert (
        text.to_text("bank.example", (link(0, 12, "https://evil.example/"),)) == "bank.example (https://evil.example/)"
    )


def test_addresses_that_are_none_of_the_web_are_not_shown() -> None:
    assert text.to_text("click", (link(0, 5, "javascript:alert(1)"),)) == "click"


@given(TEXTS, st.lists(st.tuples(st.integers(-9, 300), st.integers(-9, 300)), max_size=8))
def test_facets_of_strangers_do_no_harm(said: str, places: list[tuple[int, int]]) -> None:
    found = [link(start, end, "https://example.com") for start, end in places]
    shown = text.to_text(said, found)
    assert len(shown) <= TEXT_CAP + len(CUT)
    if not any(0 <= start < end for start, end in places):
        assert shown == text.to_text(said)


def test_quoted_text_is_folded_lines_and_bounded() -> None:
    assert text.quoted("@a.test:", "one\n\ntwo") == "> @a.test:\n> one\n>\n> two"
    assert len(text.quoted("@a.test:", "x" * 5_000)) < 700


def test_bidi_overrides_and_controls_are_taken_out() -> None:
    assert text.to_text("a\u202eb\u0000c\u2066d") == "abcd"


# -- keys --------------------------------------------------------------------------------------------------------------


@given(st.integers(0, (1 << 53) - 1), st.integers(0, 1023))
def test_a_tid_says_its_time_and_sorts_by_it(at: int, clock: int) -> None:
    made = tid.encoded(at, clock)
    assert len(made) == 13
    assert set(made) <= set(string.ascii_lowercase + "234567")
    assert tid.decoded(made) == (at, clock)
    assert at in (0, (1 << 53) - 1) or tid.encoded(at - 1, 1023) < made < tid.encoded(at + 1, 0)


def test_a_key_is_the_same_at_every_attempt_and_another_for_each_operation() -> None:
    one = operation()
    assert tid.of(one) == tid.of(one)
    assert tid.decoded(tid.of(one))[0] // 1_000_000 == one.at // 1_000_000
    assert len({tid.of(operation()) for _ in range(2_000)}) == 2_000
    undated = operation(at=0, name="8c1b5a1e-0000-4000-8000-000000000000")
    assert tid.of(undated) == tid.of(operation(at=0, name=undated.id))
    with pytest.raises(ValueError, match="TID"):
        tid.decoded("zzzzzzzzzzzzz")


# -- length ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "used", "unit"),
    [
        ("", 0, LengthUnit.GRAPHEMES),
        ("x" * 300, 300, LengthUnit.GRAPHEMES),
        ("ä" * 301, 301, LengthUnit.GRAPHEMES),
        ("👩‍👩‍👧" * 100, 1_800, LengthUnit.BYTES),
        ("👩‍👩‍👧" * 170, 3_060, LengthUnit.BYTES),
        ("日" * 300, 300, LengthUnit.GRAPHEMES),
    ],
)
def test_length_is_whichever_is_nearer_to_its_limit(said: str, used: int, unit: LengthUnit) -> None:
    found = measure(said)
    assert (found.used, found.unit) == (used, unit)
    assert found.fits == (used <= found.limit)


@given(TEXTS)
def test_what_fits_keeps_both_limits(said: str) -> None:
    both = len(regex.findall(r"\X", said)) <= 300 and len(said.encode()) <= 3_000
    assert measure(said).fits is both
