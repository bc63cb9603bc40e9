"""Hypothesis strategies of filters."""

from hypothesis import strategies as st

from tests.store.factories import NOW
from workstation.domain.cases import Outcome, Status
from workstation.domain.filter_terms import (
    UNITS,
    Flag,
    Has,
    Is,
    Name,
    Named,
    Part,
    Priority,
    Published,
    Term,
    Word,
    all_of,
    any_of,
    negated,
)
from workstation.domain.messages import Kind, Visibility

storable = st.text(st.characters(codec="utf-8"), min_size=1, max_size=8)
words = st.sampled_from(
    [
        "parcel",
        "STRASSE",
        "strasse",
        "fine",
        "京都",
        "สวัส",
        "i",
        "été",
        "%",
        "_",
        "OR",
        "-x",
        "a:b",
        "customer",
        "ada",
        "\0",
    ]
)
values: dict[Name, st.SearchStrategy[str]] = {
    Name.CHANNEL: st.sampled_from(["acme", "Acme", "beta shop", "nowhere"]),
    Name.IN: st.sampled_from(["acme", "Beta Shop"]),
    Name.NETWORK: st.sampled_from(["mastodon", "bluesky"]),
    Name.SOURCE: st.sampled_from(["home", "hashtag", "hashtag:acme", "hash", "mentions"]),
    Name.AUTHOR: st.sampled_from(["ada", "@ADA", "ada@example.org", "ädA", "ad", "ada@"]),
    Name.LANG: st.sampled_from(["de", "DE-at", "pt", "zh-hant", "d"]),
    Name.TAG: st.sampled_from(["refund", "Late", "never"]),
    Name.KIND: st.sampled_from(Kind).map(str),
    Name.VISIBILITY: st.sampled_from(Visibility).map(str),
    Name.STATUS: st.sampled_from(Status).map(str),
    Name.OUTCOME: st.sampled_from(Outcome).map(str),
    Name.ISSUE: st.sampled_from(["0", "1", "2", "01", "x"]),
}
_days = st.sampled_from([NOW, NOW - UNITS["d"], 0]) | st.integers(NOW - 10**15, NOW + 10**15)
_ago = st.builds(lambda count, unit: count * UNITS[unit], st.integers(1, 400), st.sampled_from("smhdw"))

leaves: st.SearchStrategy[Term] = st.one_of(
    st.builds(Word, words | storable),
    st.builds(Is, st.sampled_from(Flag)),
    st.builds(Has, st.sampled_from(Part)),
    st.sampled_from(Name).flatmap(lambda name: st.builds(Named, st.just(name), values[name])),
    st.builds(Published, st.booleans(), at=_days),
    st.builds(Published, st.booleans(), ago=_ago),
    st.builds(Priority, st.sampled_from(["=", "<", "<=", ">", ">="]), st.integers(-3, 3)),
)


def _some(term: Term | None) -> Term:
    assert term is not None
    return term


terms: st.SearchStrategy[Term] = st.recursive(
    leaves,
    lambda inner: st.one_of(
        inner.map(negated),
        st.lists(inner, min_size=2, max_size=3).map(all_of).map(_some),
        st.lists(inner, min_size=2, max_size=3).map(any_of).map(_some),
    ),
    max_leaves=6,
)
"""Filters as parsing yields them: flattened, no double negation."""
