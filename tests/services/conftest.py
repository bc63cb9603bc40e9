"""A practice network for tests of services, and a desk on it."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from workstation.services.practice import PracticeNetwork


@pytest.fixture
async def network() -> AsyncIterator[PracticeNetwork]:
    """A paused practice network in a process of its own."""
    running = await PracticeNetwork.start(("--backlog", "12", "--paused", "--no-replies", "--seed", "3"))
    yield running
    await running.close()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder whose name has a space and signs beyond ASCII."""
    path = tmp_path / "Profil für Zoë"
    path.mkdir()
    return path
