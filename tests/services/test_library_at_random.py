"""Whatever is done to the library is taken back and done again at random, and it is as it was each time."""

import random
from pathlib import Path

import msgspec
import pytest

from tests.empty import empty
from tests.services.parts import SetClock
from workstation.domain.templates import OTHER, Family, Variant
from workstation.services.feed import Feed
from workstation.services.templates import Step, Templates
from workstation.store.store import Store

STEPS = 600


class Model:
    """The library, with stacks of the ways back and of the states that they must lead to."""

    def __init__(self, templates: Templates, chance: random.Random) -> None:
        self.templates, self.chance = templates, chance
        self.done: list[tuple[Step, dict[str, Family]]] = []
        self.undone: list[tuple[Step, dict[str, Family]]] = []

    async def now(self) -> dict[str, Family]:
        return {family.key: family for family in await self.templates.list()}

    async def do(self) -> None:
        before = await self.now()
        step = await self._anything(list(before.values()))
        self.done.append((step, before))
        self.undone.clear()

    async def _anything(self, families: list[Family]) -> Step:
        what = self.chance.choice(["create", "duplicate", "edit", "move", "folder", "remove", "import", "fits"])
        templates, some = self.templates, self.chance.choice(families) if families else None
        if what == "create" or some is None:
            made = await templates.create(f"T{self.chance.randrange(9)}", self.chance.choice(["", "A", "A/B"]), "en")
            return Step(forget=(made.id,))
        if what == "duplicate":
            return Step(forget=((await templates.duplicate(some, some.title)).id,))
        if what == "edit":
            text, number = f"text {self.chance.random()}", self.chance.randrange(10**6)
            await templates.save(
                Family(some.id, some.key, some.title, (Variant("en", text),), folder="C", shortcut=f"s{number}")
            )
            return Step(put=(some,))
        if what == "move":
            return await templates.move([some], self.chance.choice(["A", "B/C", ""]))
        if what == "folder":
            return await templates.rename_folder("A", self.chance.choice(["A", "Z", "B/C"]))
        if what == "fits":
            old = msgspec.structs.replace(some.variants[0], language="de", text="alt", made_for=OTHER, machine=True)
            await templates.save(msgspec.structs.replace(some, variants=(some.variants[0], old)))
            await templates.confirm(some.id, "de", old.formality)
            return Step(put=(some,))
        if what == "remove":
            return await templates.remove(some.id)
        incoming = (Family(0, f"i{self.chance.randrange(4)}", "Imported", (Variant("en", "x"),)),)
        return await templates.take(Step(put=incoming))

    async def back(self) -> None:
        if self.done:
            step, wanted = self.done.pop()
            now = await self.now()
            again = await self.templates.take(step)
            assert await self.now() == wanted
            self.undone.append((again, now))

    async def again(self) -> None:
        if self.undone:
            step, wanted = self.undone.pop()
            now = await self.now()
            back = await self.templates.take(step)
            assert await self.now() == wanted
            self.done.append((back, now))


@pytest.mark.parametrize("seed", [1, 2])
async def test_the_library_at_random(folder: Path, seed: int) -> None:
    store = await Store.open(empty(folder / "desk.sqlite3"), Feed().publish, clock=SetClock())
    try:
        model = Model(Templates(store, SetClock()), random.Random(seed))
        for _step in range(STEPS):
            await model.chance.choice([model.do, model.do, model.back, model.back, model.again])()
        while model.done:
            await model.back()
        assert await model.now() == {}
        while model.undone:
            await model.again()
    finally:
        await store.close()
