"""Rules as a service: their file, comparing and taking over, undoing, holding replies that are given once."""

import asyncio
import tomllib
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import msgspec
import pytest
import tomli_w
from hypothesis import given

from tests.domain.rule_strategies import rules as some_rules
from tests.empty import empty
from tests.services.parts import START, Script, ScriptedConnector, SetClock, batch, mention, registry, signed_in
from tests.waiting import told
from workstation.domain.cases import Case
from workstation.domain.channels import ChannelConfig
from workstation.domain.errors import FilterError
from workstation.domain.filters import parse as parse_filter
from workstation.domain.outbox import Outgoing, State
from workstation.domain.rules import Did, Fired, Rule, Severity
from workstation.domain.templates import Family, Variant
from workstation.net.client import Client
from workstation.services import rulefile
from workstation.services.clock import MINUTE
from workstation.services.drafting import Drafting
from workstation.services.feed import Feed
from workstation.services.ingest import Ingest
from workstation.services.outbox import Outbox
from workstation.services.rulefile import RuleFileError
from workstation.services.rules import Held, Rules, undo_of
from workstation.services.secrets import Secrets
from workstation.services.settings import Settings
from workstation.services.supervisor import Supervisor
from workstation.services.templates import Templates
from workstation.store.store import Store

HOLD = Rule("h", "Hold", "question", holding="wait")


# -- the file ----------------------------------------------------------------------------------------------------------


def sound(rule: Rule) -> bool:
    try:
        parse_filter(rule.when)
    except FilterError:
        return False
    return True


@given(some_rules)
def test_a_file_gives_the_rules_back(wanted: tuple[Rule, ...]) -> None:
    wanted = tuple(rule for rule in wanted if sound(rule))
    text = tomli_w.dumps(rulefile.table(wanted))
    assert rulefile.parse(text.encode(), "rules.toml") == wanted
    assert rulefile.compare(wanted, wanted) == ()


@given(some_rules, some_rules)
def test_taking_over_makes_no_further_difference(now: tuple[Rule, ...], new: tuple[Rule, ...]) -> None:
    after = rulefile.merged(now, new)
    assert rulefile.compare(after, new) == ()
    assert {rule.id for rule in after} == {rule.id for rule in (*now, *new)}
    assert len(after) == len({rule.id for rule in after})
    assert [rule for rule in after if rule in new] == list(new)


@pytest.mark.parametrize(
    "text",
    [
        "rules = 3",
        "[[rules]]\nid = 'x'",
        "[[rules]]\nid = 'x'\nname = 'y'\nwhen = '('",
        "[[rules]]\nid = 'x'\nname = 'y'\nunknown = 1",
        "[[rules]]\nid = 'x'\nname = 'y'\n[[rules]]\nid = 'x'\nname = 'z'",
        "[[rules]]\nid = 'x'\nname = 'y'\nadd = ['two words']",
        "[[rules]]\nid = 'x'\nname = 'y'\npriority = 100000",
        "\udcff",
        "[[",
    ],
)
def test_what_cannot_be_read_is_said(text: str) -> None:
    with pytest.raises(RuleFileError) as caught:
        rulefile.parse(text.encode("utf-8", "surrogateescape"), "team.toml")
    assert "team.toml" in str(caught.value)


def test_differences() -> None:
    first, second, third = (Rule(name, name.title(), "x") for name in ("one", "two", "three"))
    changed = Rule("two", "Two", "y", priority=3)
    found = rulefile.compare((first, second), (changed, first, third))
    assert [(each.before is None, each.after.id, each.fields, each.moved) for each in found] == [
        (False, "two", ("when", "priority"), True),
        (False, "one", (), True),
        (True, "three", (), False),
    ]


# -- undoing -----------------------------------------------------------------------------------------------------------

CASE = Case(3, 1, "m", 1, tags=("a", "b"), priority=5)


def fired(**did: object) -> Fired:
    return Fired("r", "Rule", 7, 3, Did(**did))  # type: ignore[arg-type]


def test_undo_takes_back_what_is_still_so() -> None:
    history = (fired(add=("a",), priority=(0, 2)), fired(add=("c",), remove=("d",), priority=(2, 5)))
    command = undo_of(CASE, history)
    assert command is not None
    assert (command.add, command.remove, command.priority) == (("d",), ("a",), 0)


def test_undo_leaves_what_somebody_else_did() -> None:
    command = undo_of(CASE, (fired(add=("a",), priority=(0, 2)),))
    assert command is not None
    assert (command.remove, command.priority) == (("a",), None)
    assert undo_of(CASE, (fired(add=("gone",)), fired(notify=Severity.URGENT))) is None
    assert undo_of(CASE, ()) is None


def test_undo_of_a_rule_that_undid_another() -> None:
    history = (fired(add=("x",)), fired(remove=("x",)))
    assert undo_of(CASE, history) is None


# -- at a desk ---------------------------------------------------------------------------------------------------------


@dataclass
class World:
    """A desk with a scripted channel."""

    folder: Path
    clock: SetClock
    connector: ScriptedConnector
    feed: Feed
    store: Store
    config: ChannelConfig
    supervisor: Supervisor
    outbox: Outbox
    templates: Templates
    rules: Rules

    @property
    def script(self) -> Script:
        return self.connector.script("one")

    async def rows(self, count: int) -> tuple[Outgoing, ...]:
        """The outbox, once it has so many rows."""

        async def look() -> tuple[Outgoing, ...]:
            rows = await self.store.outbox.list()
            return rows if len(rows) == count else ()

        return await told(self.feed.subscribe, look, f"{count} rows")

    async def nothing_due(self) -> None:
        """Wait until every holding reply has been dealt with."""
        while await self.store.rules.due():  # noqa: ASYNC110 - nothing tells of it
            await asyncio.sleep(0)


async def opened(folder: Path, clock: SetClock, connector: ScriptedConnector) -> World:
    """A desk on a folder, started."""
    feed = Feed()
    store = await Store.open(empty(folder / "desk.sqlite3"), feed.publish, clock=clock)
    known = await store.channels.by_name("one")
    config = known or await store.channels.add(ChannelConfig(0, "scripted", "one"))
    settings = Settings(folder / "settings.toml")
    settings.change(undo_seconds=0)
    supervisor = Supervisor(store, registry(connector), Ingest(store), Secrets({}), Client(), clock)
    outbox = Outbox(store, supervisor, feed, settings, clock, looks=(0,))
    templates = Templates(store, clock)
    drafting = Drafting(store, supervisor, settings, clock)
    rules = Rules(store, folder / "rules.toml", feed, outbox, drafting, templates, clock)
    await rules.start()
    await supervisor.start()
    await outbox.start()
    await signed_in(supervisor, config.id)
    return World(folder, clock, connector, feed, store, config, supervisor, outbox, templates, rules)


async def close(world: World) -> None:
    await world.rules.close()
    await world.outbox.close()
    await world.supervisor.close()
    await world.store.close()


@pytest.fixture
async def world(folder: Path) -> AsyncIterator[World]:
    made = await opened(folder, SetClock(), ScriptedConnector())
    await made.templates.save(Family(0, "wait", "Wait", (Variant("en", "Soon, {first_name}!"),)))
    yield made
    await close(made)


async def test_the_file_is_read_at_the_start_and_put_aside_if_it_cannot_be(world: World) -> None:
    await world.rules.save((HOLD,))
    assert tomllib.loads((world.folder / "rules.toml").read_text())["rules"][0]["when"] == "question"
    again = reader(world)
    await again.start()
    assert again.rules == (HOLD,)
    await again.close()
    (world.folder / "rules.toml").write_text("[[rules]]\nwrong = 1\n")
    broken = reader(world)
    await broken.start()
    assert broken.rules == ()
    assert broken.trouble is not None
    assert (world.folder / "rules.toml.broken").exists()
    await broken.close()


def reader(world: World) -> Rules:
    """Another start on the same file."""
    drafting = Drafting(world.store, world.supervisor, Settings(world.folder / "settings.toml"), world.clock)
    path = world.folder / "rules.toml"
    return Rules(world.store, path, world.feed, world.outbox, drafting, world.templates, world.clock)


async def test_a_holding_reply_needs_an_agreement(world: World) -> None:
    await world.rules.save((HOLD,))
    await world.store.messages.accept(world.config, batch(mention(1)))
    assert await world.store.rules.due() == ()
    assert await world.store.outbox.list() == ()
    await world.rules.agree(HOLD, True)
    await world.store.messages.accept(world.config, batch(mention(2, author="bo")))
    (row,) = await world.rows(1)
    assert row.operation.text == "Soon, Bo!"
    assert row.not_before == START + MINUTE
    # Another template is another agreement.
    await world.rules.save((msgspec.structs.replace(HOLD, holding="other"),))
    await world.store.messages.accept(world.config, batch(mention(3, author="cy")))
    assert len(await world.store.outbox.list()) == 1


async def test_a_holding_reply_is_no_answer_and_comes_once(world: World) -> None:
    await world.rules.save((HOLD,))
    await world.rules.agree(HOLD, True)
    changes = await world.store.messages.accept(world.config, batch(mention(1)))
    case = changes.cases[0].id
    await world.rows(1)
    world.clock.at += MINUTE
    row = (await world.store.outbox.list())[0]
    await world.outbox.send_now(row.operation.id)
    assert (await world.outbox.settled(row.operation.id)).state is State.SENT
    after = await world.store.cases.get(case)
    assert after is not None
    assert after.waiting_since > 0
    assert after.answered_at == 0
    again = msgspec.structs.replace(mention(9), branch="m1", reply_to="m1", text="Question again")
    await world.store.messages.accept(world.config, batch(again))
    await world.nothing_due()
    assert len(await world.store.outbox.list()) == 1
    assert len(world.script.sent) == 1


@pytest.mark.parametrize(
    ("text", "why"), [("Dear {order}!", "a placeholder"), ("x" * 30, "too long"), ("", "its template")]
)
async def test_why_there_is_no_holding_reply_is_told(world: World, text: str, why: str) -> None:
    heard: list[Held] = []
    world.rules.on_held(heard.append)
    if text:
        await world.templates.save(Family(0, "other", "Other", (Variant("en", text),)))
    rule = msgspec.structs.replace(HOLD, holding="other")
    await world.rules.save((rule,))
    await world.rules.agree(rule, True)
    await world.store.messages.accept(world.config, batch(mention(1)))
    await world.nothing_due()
    (held,) = heard
    assert held.row is None
    assert held.why is not None
    assert why in held.why.msgid
    assert await world.store.outbox.list() == ()


async def test_what_a_crash_left_is_queued_once(folder: Path) -> None:
    clock, connector = SetClock(), ScriptedConnector()
    first = await opened(folder, clock, connector)
    await first.templates.save(Family(0, "wait", "Wait", (Variant("en", "Soon!"),)))
    await first.rules.save((HOLD,))
    await first.rules.agree(HOLD, True)
    await first.rules.close()  # the process ends between the commit and the outbox
    await first.store.messages.accept(first.config, batch(mention(1)))
    (due,) = await first.store.rules.due()
    await close(first)
    for _life in range(2):
        second = await opened(folder, clock, connector)
        (row,) = await second.rows(1)
        assert row.operation.id == due.operation
        await second.nothing_due()
        # As if the note that it was queued had been lost.
        await second.store.rules.held(due.case, "due")
        await close(second)


async def test_with_a_trainee_a_holding_reply_waits_too(world: World) -> None:
    await world.store.approvals.require(True)
    await world.rules.save((HOLD,))
    await world.rules.agree(HOLD, True)
    await world.store.messages.accept(world.config, batch(mention(1)))
    (row,) = await world.rows(1)
    assert row.state is State.WAITS


async def test_a_rule_gives_notice(world: World) -> None:
    heard: list[Fired] = []
    world.rules.watch(heard.append)
    await world.rules.save((Rule("n", "Notice", "question", notify=Severity.URGENT),))
    await world.store.messages.accept(world.config, batch(mention(1)))
    assert [(each.rule, each.did.notify) for each in heard] == [("n", Severity.URGENT)]


async def test_a_dry_run_and_its_end(world: World) -> None:
    await world.store.messages.accept(world.config, batch(*(mention(n, author=f"a{n}") for n in range(5))))
    report = await world.rules.dry_run((HOLD,))
    (tally,) = report.tallies
    assert (report.messages, tally.matched, tally.held) == (5, 5, 5)
    entries = await world.rules.examples(tally.examples)
    assert [entry.message.id for entry in entries] == tally.examples
    parts = await world.rules.explain(HOLD, entries[0])
    assert [(part.text, part.fits) for part in parts] == [("question", True)]
    assert await world.rules.fits(HOLD, entries[0])
    running = asyncio.ensure_future(world.rules.dry_run((HOLD,)))
    await asyncio.sleep(0)
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
