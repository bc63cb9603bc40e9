"""Deeds that are taken back and done again, reminders, questions to people inside, working hours of a region."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.empty import empty
from tests.services.parts import START, SetClock, batch, mention
from workstation.domain.actions import Promise, Snooze
from workstation.domain.cases import Case, Entry, Note
from workstation.domain.channels import ChannelConfig
from workstation.domain.errors import StaleError
from workstation.domain.messages import Author, Kind, Message
from workstation.domain.ties import IssueState
from workstation.i18n import Formats
from workstation.services.actions import Actions, operation
from workstation.services.alarms import Alarm, Alarms
from workstation.services.escalation import HIDDEN, Selection, body, masked, reference, referred, subject
from workstation.services.feed import Feed
from workstation.services.issues import Issues
from workstation.services.people import People
from workstation.services.settings import Preferences
from workstation.services.shifts import working_hours
from workstation.store.store import Store

HOUR = 3_600_000_000
ADA = Author("mastodon", "a1", "ada@one.example", "Ada Lovett")


@pytest.fixture
async def parts(folder: Path) -> AsyncIterator[tuple[Store, Feed, SetClock]]:
    clock, feed = SetClock(), Feed()
    store = await Store.open(empty(folder / "desk.sqlite3"), feed.publish, clock=clock)
    config = await store.channels.add(ChannelConfig(0, "scripted", "one"))
    await store.messages.accept(
        config, batch(mention(1, START - HOUR), mention(2, START, "bo"), mention(3, START, "cy"))
    )
    yield store, feed, clock
    await store.close()


async def test_accounts_are_linked_and_back_and_again(parts: tuple[Store, Feed, SetClock]) -> None:
    store, _feed, _clock = parts
    people = People(store)
    (ana,), (bo,) = await people.accounts(1), await people.accounts(2)
    swing = (await people.link(ana, bo)).swing()
    for expected in (1, 2, 1):
        await swing()
        assert len(await people.accounts(ana.id)) == expected
    await people.link(ana, bo)
    split = await people.split(bo)
    assert len(await people.accounts(ana.id)) == 1
    await split.back()
    assert len(await people.accounts(ana.id)) == 2


async def test_a_split_that_others_have_overtaken_is_not_taken_back(parts: tuple[Store, Feed, SetClock]) -> None:
    people = People(parts[0])
    (ana,), (bo,), (cy,) = [await people.accounts(number) for number in (1, 2, 3)]
    await people.link(ana, bo)
    split = await people.split(bo)
    await people.link(ana, cy)
    with pytest.raises(StaleError):
        await split.back()


async def test_issues_are_changed_and_put_back(parts: tuple[Store, Feed, SetClock]) -> None:
    issues = Issues(parts[0])
    issue, added = await issues.add("Cards are refused")
    issue, changed = await issues.change(issue, "Cards are refused since ten", "Pay by invoice.")
    issue, closed = await issues.close(issue)
    assert issue.closed_at

    async def now() -> tuple[str, IssueState]:
        (found,) = await issues.list()
        return found.title, found.state

    again = await closed.back()
    assert await now() == ("Cards are refused since ten", IssueState.OPEN)
    again = await again.back()
    assert await now() == ("Cards are refused since ten", IssueState.CLOSED)
    with pytest.raises(StaleError):
        await added.back()  # it was changed since: what was written then is not thrown away
    opened = await again.back()
    await changed.back()
    assert await now() == ("Cards are refused", IssueState.OPEN)
    with pytest.raises(StaleError):
        await opened.back()
    await added.back()
    assert await issues.list() == ()


async def test_a_new_issue_is_taken_back(parts: tuple[Store, Feed, SetClock]) -> None:
    issues = Issues(parts[0])
    _issue, added = await issues.add("Cards are refused")
    again = await added.back()
    assert await issues.list() == ()
    await again.back()
    assert len(await issues.list()) == 1


async def test_what_wakes_and_what_falls_due_is_told_once(parts: tuple[Store, Feed, SetClock]) -> None:
    store, feed, clock = parts
    actions, alarms = Actions(store, feed, clock), Alarms(store, feed, clock)
    heard: list[Alarm] = []
    told = asyncio.Event()

    def hear(alarm: Alarm) -> None:
        heard.append(alarm)
        if len(heard) == 2:
            told.set()

    await actions.execute(Snooze(operation=operation(), case=1, until=START + HOUR))
    await actions.execute(Promise(operation=operation(), case=2, due_at=START + HOUR))
    alarms.subscribe(hear)
    alarms.start()
    clock.at = START + 2 * HOUR
    # Every change of a case with a time makes it look at the clock again.
    await actions.execute(Promise(operation=operation(), case=3, due_at=START + 9 * HOUR))
    async with asyncio.timeout(60):
        await told.wait()
    await actions.execute(Promise(operation=operation(), case=3, due_at=START + 8 * HOUR))
    await alarms.close()
    assert [entry.message.case for alarm in heard for entry in alarm.woken] == [1]
    assert [entry.message.case for alarm in heard for entry in alarm.due] == [2]


# -- questions to people inside ----------------------------------------------------------------------------------------


def entry(number: int, text: str, *, own: bool = False, deleted_at: int = 0) -> Entry:
    writer = Author("mastodon", "me", "acme@desk.example", "Acme") if own else ADA
    address = f"https://one.example/{number}"
    return Entry(
        Message(number, 1, str(number), Kind.MENTION, writer, text, START, START, case=7, own=own, address=address,
                deleted_at=deleted_at)
    )  # fmt: skip


THREAD = (
    entry(1, "I am ada@home.example, call +49 170 1234567"),
    entry(2, "We look into it", own=True),
    entry(3, "My flat is 4 b"),
    entry(4, "gone", deleted_at=START),
)


def text(selection: Selection, ask: str = "Was it paid?") -> str:
    notes = (Note(1, 7, "Told us his name on the phone", START),)
    return "\n".join(str(line) for line in body(ask, THREAD, notes, selection))


def test_nothing_that_tells_who_it_is_leaves_unasked() -> None:
    plain = text(Selection())
    assert plain.startswith("Was it paid?")
    assert "My flat is 4 b" in plain
    for told in ("Ada", "ada@", "1234567", "https://", "on the phone", "gone"):
        assert told not in plain


@pytest.mark.parametrize(
    ("selection", "told"),
    [
        (Selection(customer=True), "Ada Lovett (ada@one.example)"),
        (Selection(details=True), "+49 170 1234567"),
        (Selection(links=True), "https://one.example/1"),
        (Selection(notes=True), "on the phone"),
    ],
)
def test_what_is_chosen_goes_along(selection: Selection, told: str) -> None:
    assert told in text(selection)


def test_a_message_can_stay_here() -> None:
    assert "flat" not in text(Selection(without=frozenset({3})))


def test_the_subject_finds_the_case_again() -> None:
    case = Case(123, 1, "b", 1)
    said = str(subject(case))
    assert reference(case) in said
    assert referred(f"Re: AW: {reference(case)} paid") == 123
    assert referred("[case x]") == 0


@given(st.text())
def test_any_text_is_masked(given_text: str) -> None:
    shown = masked(given_text)
    assert masked(shown) == shown


@pytest.mark.parametrize(
    "told", ["ada@home.example", "@ada", "https://x.example/a?b", "+49 170 1234567", "4111 1111 1111 1111"]
)
def test_what_identifies_is_masked(told: str) -> None:
    assert masked(f"so {told} it is") == f"so {HIDDEN} it is"


def test_prices_and_times_are_not_masked() -> None:
    assert masked("2 pieces, 19.99, at 10:30 on 1.12.") == "2 pieces, 19.99, at 10:30 on 1.12."


def test_the_working_week_is_the_regions_until_one_is_chosen() -> None:
    week = Formats("ar").working_days
    assert working_hours(Preferences(), week).days == week != Formats("de").working_days
    chosen = Preferences(shift_days=(0, 5, 9), shifts=("22:00-06:00", "x"))
    assert working_hours(chosen, week).days == (0, 5)
    assert [str(shift) for shift in working_hours(chosen, week).shifts] == ["22:00-06:00"]
