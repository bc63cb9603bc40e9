"""A client for each test, closed at its end."""

from collections.abc import AsyncIterator

import pytest

from workstation.net.client import Client


@pytest.fixture
async def client() -> AsyncIterator[Client]:
    """A client."""
    made = Client()
    yield made
    await made.close()
