"""A real store in a folder of its own, with a clock that a test moves."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.empty import empty
from tests.store.factories import NOW
from workstation.domain.changes import ChangeSet
from workstation.domain.channels import ChannelConfig
from workstation.domain.messages import Micros
from workstation.store.store import Store


class Clock:
    """Time that passes when a test says so."""

    def __init__(self) -> None:
        self.now: Micros = NOW

    def __call__(self) -> Micros:
        return self.now


@pytest.fixture
def clock() -> Clock:
    """The store's clock."""
    return Clock()


@pytest.fixture
def published() -> list[ChangeSet]:
    """Everything the store told of, in order."""
    return []


@pytest.fixture
async def store(tmp_path: Path, clock: Clock, published: list[ChangeSet]) -> AsyncIterator[Store]:
    """An open store."""
    opened = await Store.open(empty(tmp_path / "desk.sqlite3"), published.append, clock=clock)
    yield opened
    await opened.close()


@pytest.fixture
async def acme(store: Store) -> ChannelConfig:
    """A channel in the store."""
    return await store.channels.add(ChannelConfig(0, "mastodon", "Acme"))
