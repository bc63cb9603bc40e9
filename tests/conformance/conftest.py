"""Which connectors the suite is run on, and a desk on each."""

import pkgutil
from collections.abc import AsyncIterator, Awaitable, Callable
from importlib import import_module
from pathlib import Path

import pytest

import tests.conformance as package
from tests.conformance.desk import Desk
from tests.conformance.kit import Kit
from tests.conformance.wire import Wire

NOT_KITS = {"conftest", "desk", "kit", "wire", "doubles"}


def kits() -> list[type[Kit]]:
    """Every kit of this folder, in the order of its modules' names."""
    found = []
    for module in pkgutil.iter_modules(package.__path__):
        if module.name in NOT_KITS or module.name.startswith("test_"):
            continue
        found.append(import_module(f"{package.__name__}.{module.name}").KIT)
    return found


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run each test that asks for a kit on every connector."""
    if "kit_type" in metafunc.fixturenames:
        metafunc.parametrize("kit_type", kits(), ids=lambda kit: kit.kind)


class World:
    """A kit, the wires to its servers, and desks on them."""

    def __init__(self, kit: Kit, wires: dict[str, Wire], folder: Path) -> None:
        self.kit = kit
        self.wires = wires
        self._folder = folder
        self._desks: list[Desk] = []

    @property
    def wire(self) -> Wire:
        """The first wire: the one that messages come by."""
        return next(iter(self.wires.values()))

    async def down(self) -> None:
        """Take the network away."""
        for wire in self.wires.values():
            await wire.down()

    async def up(self) -> None:
        """Give it back."""
        for wire in self.wires.values():
            await wire.up()

    async def desk(self) -> Desk:
        """A desk that reads; asked again, the same desk begun anew."""
        config = self.kit.config({name: wire.address for name, wire in self.wires.items()})
        desk = Desk(self.kit, self._desks[-1].config if self._desks else config, self._folder)
        self._desks.append(desk)
        return await desk.open()

    async def close(self) -> None:
        """End what still runs."""
        if self._desks:
            await self._desks[-1].close()


Starting = Callable[[], Awaitable[World]]


@pytest.fixture
async def world(kit_type: type[Kit], tmp_path: Path) -> AsyncIterator[World]:
    """A network on loopback behind wires."""
    kit = kit_type()
    servers = await kit.start()
    wires = {name: Wire(*address) for name, address in servers.items()}
    for wire in wires.values():
        await wire.up()
    made = World(kit, wires, tmp_path)
    try:
        yield made
    finally:
        await made.close()
        for wire in wires.values():
            await wire.down()
        await kit.close()
