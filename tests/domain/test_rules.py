"""Rules by themselves: order, stop, once for each message, nothing repeated, nothing twice."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.domain.rule_strategies import rules
from tests.store.factories import NOW
from workstation.domain.cases import Case, Entry
from workstation.domain.differences import Change, differences
from workstation.domain.explaining import explain
from workstation.domain.filters import Context, parse
from workstation.domain.messages import Author, Kind, Mark, Message
from workstation.domain.rules import Rule, Severity, book

ANA = Author("mastodon", "a1", "ana@example.org", "Ana", id=1)
CONTEXT = Context({"acme": 1}, NOW)


def entry(text: str = "I want a refund", *, case: bool = True, **changed: object) -> Entry:
    message = Message(7, 1, "m7", Kind.MENTION, ANA, text, NOW, NOW, case=3 if case else 0)
    message = msgspec.structs.replace(message, **changed)
    return Entry(message, Case(3, 1, "m7", 1, waiting_since=NOW) if case else None)


def ask(found: Entry, *wanted: Rule, acted: tuple[str, ...] = (), may_hold: bool = True) -> tuple[Entry, list[str]]:
    verdict = book(wanted).judge(CONTEXT).ask(found, acted, may_hold=may_hold)
    return verdict.entry, [fired.rule for fired in verdict.fired]


def test_a_later_rule_sees_what_an_earlier_one_did() -> None:
    first, second = Rule("1", "one", "refund", add=("refund",)), Rule("2", "two", "tag:refund", priority=5)
    after, fired = ask(entry(), first, second)
    assert fired == ["1", "2"]
    assert after.case is not None
    assert (after.case.tags, after.case.priority) == (("refund",), 5)
    after, fired = ask(entry(), second, first)
    assert fired == ["1"]


def test_stop_ends_the_list_for_what_it_fits_alone() -> None:
    stop, last = Rule("1", "one", "refund", stop=True), Rule("2", "two", collapse=True)
    assert ask(entry(), stop, last)[1] == ["1"]
    assert ask(entry("hello"), stop, last)[1] == ["2"]


def test_rules_that_are_off_or_cannot_be_read_are_not_asked() -> None:
    assert ask(entry(), Rule("1", "off", "", enabled=False), Rule("2", "broken", "("))[1] == []


def test_a_rule_acts_on_a_message_once_but_still_stops() -> None:
    rule, last = Rule("1", "one", "refund", add=("refund",), stop=True), Rule("2", "two")
    after, fired = ask(entry(), rule, last, acted=("1",))
    assert fired == []
    assert after == entry()


def test_a_team_takes_the_place_of_another() -> None:
    after, _ = ask(entry(), Rule("1", "one", team="Blue"), Rule("2", "two", team="red"))
    assert after.case is not None
    assert after.case.tags == ("team:red",)


def test_without_a_case_there_is_nothing_to_tag() -> None:
    rule = Rule("1", "one", add=("x",), priority=4, team="t", holding="h", collapse=True, notify=Severity.URGENT)
    verdict = book((rule,)).judge(CONTEXT).ask(entry(case=False))
    (fired,) = verdict.fired
    did = fired.did
    assert (did.add, did.priority, did.holding) == ((), None, "")
    assert did.collapse
    assert did.notify is Severity.URGENT
    assert verdict.entry.message.marks == (Mark.FOLDED,)


def test_a_holding_reply_is_given_once_and_to_those_who_wait() -> None:
    hold = Rule("1", "one", holding="h")

    def held(found: Entry, may_hold: bool = True) -> list[str]:
        verdict = book((hold, msgspec.structs.replace(hold, id="2"))).judge(CONTEXT).ask(found, may_hold=may_hold)
        return [fired.did.holding for fired in verdict.fired]

    assert held(entry()) == ["h", ""]
    assert held(entry(), may_hold=False) == ["", ""]
    assert held(entry(created_at=NOW - 2 * 86_400_000_000)) == ["", ""]
    assert held(entry(deleted_at=NOW)) == ["", ""]
    assert held(entry(kind=Kind.REPORT)) == ["", ""]


@given(rules)
def test_asking_again_changes_nothing(wanted: tuple[Rule, ...]) -> None:
    judge = book(wanted).judge(CONTEXT)
    once = judge.ask(entry())
    again = judge.ask(once.entry, {fired.rule for fired in once.fired}, may_hold=False)
    # Only rules that fitted through what others did may act now, each for the first time.
    assert {fired.rule for fired in again.fired}.isdisjoint(fired.rule for fired in once.fired)
    assert again.fired or again.entry == once.entry
    assert len({fired.rule for fired in once.fired}) == len(once.fired)


@given(rules)
def test_the_parts_of_a_filter_agree_with_the_whole(wanted: tuple[Rule, ...]) -> None:
    ready = book(wanted)
    for filter_ in ready.filters:
        parts = explain(filter_, entry(), CONTEXT)
        assert bool(parts) is (filter_.term is not None)
        if parts:
            assert parts[0].fits is filter_.predicate(CONTEXT)(entry())


def test_why() -> None:
    parts = explain(parse("refund (lang:de OR -is:spam) -tag:x"), entry(), CONTEXT)
    assert [(part.text, part.fits, part.depth, part.joined) for part in parts[1:]] == [
        ("refund", True, 1, ""),
        ("lang:de OR -is:spam", True, 1, "any"),
        ("lang:de", False, 2, ""),
        ("-is:spam", True, 2, ""),
        ("-tag:x", True, 1, ""),
    ]


words = st.lists(st.sampled_from(["we", "are", "sorry", " ", "\n", "!", "مرحبا", "東京", "e\u0301"]), max_size=12)


@given(words.map("".join), words.map("".join))
def test_differences_give_both_texts_back(before: str, after: str) -> None:
    pieces = differences(before, after)
    assert "".join(piece.text for piece in pieces if piece.change is not Change.IN) == before
    assert "".join(piece.text for piece in pieces if piece.change is not Change.OUT) == after
    assert all(piece.text for piece in pieces)
    assert (before == after) == all(piece.change is Change.KEPT for piece in pieces)


@pytest.mark.parametrize("size", [5_000])
def test_very_long_texts_are_compared_from_both_ends(size: int) -> None:
    before = "word " * size
    pieces = differences(before, before[:-5] + "other")
    assert "".join(piece.text for piece in pieces if piece.change is not Change.IN) == before
