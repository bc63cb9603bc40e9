"""Everything undoable, undone and redone at random for 10,000 steps against a model, on a real store.

The model is a list of states with a place in it: doing something cuts the list there and appends, undo and redo move
the place. A state is the whole database, apart from what only ever grows (the change log, timelines, versions), so
that whatever a command writes anywhere has to be undone too. What a command does the first time is expected here in
words of its own, apart from the domain's; a command of `AnyCommand` that is not among `command_kinds` fails the first
test.
"""

import sqlite3
from collections.abc import AsyncIterator
from pathlib import Path
from random import Random
from typing import Any, get_args

import pytest

from tests.empty import empty
from tests.services.command_kinds import BACKWARDS, CASES, KINDS, SECOND, Around, Link
from tests.services.parts import START, SetClock, batch, mention
from workstation.domain import actions as commands
from workstation.domain.actions import AnyCommand, Command
from workstation.domain.cases import Case
from workstation.domain.channels import ChannelConfig
from workstation.services.actions import Actions, operation
from workstation.services.feed import Feed
from workstation.services.undo import DEPTH
from workstation.store.rows import faces_of
from workstation.store.store import Store

STEPS = 10_000
GROWS = {"changes", "audits", "sqlite_sequence"}
"""Tables that only tell what happened; undoing something happened too."""
RENEWED = {"cases": {"version"}, "notes": {"id", "operation", "at"}, "escalations": {"id", "operation", "at"}}
"""Columns that tell one doing of the same thing from another."""

State = dict[str, tuple[tuple[Any, ...], ...]]
"""The rows of every table."""
LINKS = "SELECT min(case_id, other), max(case_id, other), kind FROM case_links ORDER BY 1, 2, 3"
"""From whichever side it was made, and whenever."""
MOMENTS = ("solved_at", "escalated_at")
"""What is done again is done now, not when it was done first."""


def test_every_command_has_a_generator() -> None:
    missing = set(get_args(AnyCommand)) - set(KINDS) - BACKWARDS
    assert not missing, f"say in KINDS how to make {missing} and what they do, or in BACKWARDS that undo makes them"


def state(connection: sqlite3.Connection, tables: dict[str, str]) -> State:
    """Everything a command may have written, by table."""
    return {name: tuple(connection.execute(query).fetchall()) for name, query in tables.items()}


def queries(connection: sqlite3.Connection) -> dict[str, str]:
    """What to read of each table, sorted by all of it."""
    found = {}
    names = connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'table'").fetchall()
    virtual = tuple(name for name, sql in names if sql and sql.upper().startswith("CREATE VIRTUAL"))
    for name, _sql in names:
        if name in GROWS or (virtual and name.startswith(virtual)):
            continue
        columns = [row[1] for row in connection.execute(f"PRAGMA table_info({name})")]
        wanted = [column for column in columns if column not in RENEWED.get(name, set())]
        order = ", ".join(str(place) for place in range(1, len(wanted) + 1))
        found[name] = LINKS if name == "case_links" else f"SELECT {', '.join(wanted)} FROM {name} ORDER BY {order}"  # noqa: S608 names from the schema
    return found


class Model:
    """States in the order in which they were reached, and where we are among them."""

    def __init__(self, first: State) -> None:
        self.states, self.place = [first], 0

    def did(self, reached: State) -> None:
        del self.states[self.place + 1 :]
        self.states.append(reached)
        self.place += 1
        if self.place > DEPTH:
            del self.states[0]
            self.place -= 1

    @property
    def now(self) -> State:
        return self.states[self.place]


class Desk:
    """A store with cases, the actions of one window, and the clock they share."""

    def __init__(self, store: Store, feed: Feed, clock: SetClock) -> None:
        self.store, self.clock = store, clock
        self.actions = Actions(store, feed, clock)
        self.tables: dict[str, str] = {}

    async def fill(self) -> None:
        """Customers write."""
        config = await self.store.channels.add(ChannelConfig(0, "scripted", "one"))
        await self.store.messages.accept(config, batch(*(mention(n, START + n, f"author{n}") for n in range(CASES))))
        self.tables = await self.store.database.read(queries)

    async def look(self) -> tuple[dict[int, Case], State]:
        """The cases, and the state of everything, at one moment."""

        def job(connection: sqlite3.Connection) -> tuple[dict[int, Case], State]:
            entries = faces_of(connection, range(1, CASES + 1))
            return {entry.case.id: entry.case for entry in entries if entry.case}, state(connection, self.tables)

        return await self.store.database.read(job)

    def timeless(self, given: State) -> State:
        """A state but for when things were done: what is done again is done now."""
        names = self.tables["cases"].removeprefix("SELECT ").partition(" FROM ")[0].split(", ")
        places = {names.index(name) for name in MOMENTS}
        rows = given["cases"]
        return given | {
            "cases": tuple(tuple(bool(v) if at in places else v for at, v in enumerate(row)) for row in rows)
        }

    def links(self, given: State) -> set[Link]:
        return set(given["case_links"])

    async def cases(self) -> dict[int, Case]:
        return (await self.look())[0]


@pytest.fixture
async def desk(folder: Path) -> AsyncIterator[Desk]:
    clock, feed = SetClock(), Feed()
    store = await Store.open(empty(folder / "desk.sqlite3"), feed.publish, clock=clock)
    made = Desk(store, feed, clock)
    await made.fill()
    yield made
    await store.close()


def wish(chance: Random, cases: dict[int, Case]) -> list[AnyCommand]:
    """One command on a case, now and then the same kind on several, some of them twice on one case."""
    kind = KINDS[chance.choice(list(KINDS))]
    if chance.random() < 0.75:
        return [kind.make(chance, chance.choice(list(cases.values())))]
    chosen = [chance.choice(list(cases.values())) for _ in range(chance.randint(2, CASES))]
    made, seen = [], set[int]()
    for case in chosen:
        command = kind.make(chance, case)
        # The second one on a case finds another version than the one it was made on.
        values = {"version": 0} if case.id in seen else {}
        made.append(_changed(command, **values))
        seen.add(case.id)
    return made


def _changed(command: AnyCommand, **values: object) -> AnyCommand:
    from msgspec.structs import replace

    changed: AnyCommand = replace(command, **values)
    return changed


def expected(cases: dict[int, Case], wished: list[AnyCommand], around: Around) -> dict[int, Case] | None:
    """The cases after, as this test understands the commands; None: one is refused, so all are."""
    after = dict(cases)
    for command in wished:
        fields = KINDS[type(command)].expect(after[command.case], command, around)
        if fields is None:
            return None
        before = after[command.case]
        after[command.case] = _case(before, version=before.version + 1, **fields)
    return after


def _case(case: Case, **values: object) -> Case:
    from msgspec.structs import replace

    return replace(case, **values)


async def test_undone_and_redone_at_random(desk: Desk) -> None:
    chance = Random(20260)
    cases, now = await desk.look()
    model, done = Model(now), dict.fromkeys(("do", "refused", "undo", "redo", "nothing"), 0)
    kinds: set[type[Command]] = set()
    for number in range(STEPS):
        desk.clock.at += SECOND
        step = chance.random()
        if step < 0.45:
            wished = wish(chance, cases)
            after = expected(cases, wished, Around(desk.clock.at, desk.links(model.now)))
            outcome = await desk.actions.execute_many(wished)
            assert outcome.done == (after is not None), (number, wished, outcome.error)
            cases, now = await desk.look()
            if after is not None:
                assert cases == after, (number, wished)
                model.did(now)
                kinds |= {type(command) for command in wished}
            done["do" if outcome.done else "refused"] += 1
        else:
            back = step < 0.75
            moved = await (desk.actions.undo() if back else desk.actions.redo())
            assert (moved is not None) == (model.place > 0 if back else model.place < len(model.states) - 1)
            cases, now = await desk.look()
            if moved is not None:
                assert moved.done, (number, moved.error)
                model.place += -1 if back else 1
                if not back:
                    assert desk.timeless(now) == desk.timeless(model.now), (number, done)
                    model.states[model.place] = now
            done["nothing" if moved is None else "undo" if back else "redo"] += 1
        assert now == model.now, (number, done)
        assert desk.actions.can_undo == (model.place > 0)
        assert desk.actions.can_redo == (model.place < len(model.states) - 1)
    assert kinds == set(KINDS)
    assert min(done.values()) > STEPS // 100, done


class Made:
    """A step of this window: each case before and after, and the cases that somebody else changed since."""

    def __init__(self, pairs: dict[int, tuple[Case, Case]]) -> None:
        self.pairs = pairs
        self.gone: set[int] = set()

    def left(self) -> dict[int, tuple[Case, Case]]:
        return {case: pair for case, pair in self.pairs.items() if case not in self.gone}


def _bare(case: Case) -> Case:
    return _case(case, version=0)


def _timeless(case: Case) -> Case:
    return _case(case, **{name: bool(getattr(case, name)) for name in MOMENTS})


@pytest.mark.parametrize("seed", range(3))
async def test_what_others_change_meanwhile_is_refused_and_nothing_else_is_lost(desk: Desk, seed: int) -> None:
    chance = Random(seed)
    done: list[Made] = []
    undone: list[Made] = []
    other = Actions(desk.store, Feed(), desk.clock)
    refused = 0
    for number in range(700):
        desk.clock.at += SECOND
        cases, step = await desk.cases(), chance.random()
        if step < 0.4:
            wished = wish(chance, cases)
            if (await desk.actions.execute_many(wished)).done:
                after = await desk.cases()
                done.append(Made({c.case: (cases[c.case], after[c.case]) for c in wished}))
                undone.clear()
        elif step < 0.5:
            case = chance.choice(list(cases))
            made = commands.ChangeTags(operation=operation(), case=case, add=(f"theirs {number}",))
            assert (await other.execute(made)).done
            for step_made in (*done, *undone):
                step_made.gone.add(case)
        else:
            back = step < 0.8
            source, target = (done, undone) if back else (undone, done)
            outcome = await (desk.actions.undo() if back else desk.actions.redo())
            assert (outcome is not None) == bool(source), number
            if outcome is None:
                continue
            wanted = source.pop()
            left, now = wanted.left(), await desk.cases()
            if len(left) == len(wanted.pairs):
                assert outcome.done, (number, outcome.error)
                reached = {c: _bare(now[c]) for c in left}
                if back:
                    assert reached == {c: _bare(before) for c, (before, _after) in left.items()}
                    target.append(wanted)
                else:
                    wished_for = {c: _bare(after) for c, (_before, after) in left.items()}
                    assert {c: _timeless(case) for c, case in reached.items()} == {
                        c: _timeless(case) for c, case in wished_for.items()
                    }
                    target.append(Made({c: (cases[c], now[c]) for c in left}))
            else:
                refused += 1
                assert not outcome.done
                assert now == cases, "a refusal changes nothing"
                assert outcome.kept == bool(left)
                if left:
                    source.append(Made(left))
        assert desk.actions.can_undo == bool(done)
        assert desk.actions.can_redo == bool(undone)
    assert refused > 5
