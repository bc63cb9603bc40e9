"""Hypothesis strategies of rules."""

import msgspec
from hypothesis import strategies as st

from tests.domain.strategies import terms
from workstation.domain.filter_terms import written
from workstation.domain.rules import Rule, Severity

TAGS = ("refund", "never", "hot", "team:blue")
tags = st.lists(st.sampled_from(TAGS), max_size=2, unique=True).map(tuple)
filters = terms.map(written) | st.sampled_from(
    [
        "",
        "has:case",
        "-has:case",
        "tag:refund",
        "-tag:refund priority:>=0",
        "is:folded",
        "is:edited",
        "priority:<3",
        "(",
    ]
)
one = st.builds(
    Rule,
    id=st.just(""),
    name=st.just("rule"),
    when=filters,
    enabled=st.sampled_from([True, True, True, False]),
    add=tags,
    remove=tags,
    priority=st.none() | st.integers(-3, 3),
    team=st.sampled_from(["", "", "blue", "red"]),
    collapse=st.booleans(),
    notify=st.none() | st.sampled_from(Severity),
    holding=st.sampled_from(["", "", "hold"]),
    stop=st.sampled_from([False, False, False, True]),
)


def _numbered(found: list[Rule]) -> tuple[Rule, ...]:
    return tuple(msgspec.structs.replace(rule, id=f"r{n}", name=f"Rule {n}") for n, rule in enumerate(found))


rules = st.lists(one, min_size=1, max_size=5).map(_numbered)
"""A few rules with ids of their own, some of them off, some with filters that cannot be read."""
