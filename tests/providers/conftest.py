"""A client, a store, and the service with a provider on loopback in its settings."""

from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest

from tests.empty import empty
from tests.providers.doubles.servers import KEY, Double
from workstation.domain.providers import ProviderConfig
from workstation.net.client import Client
from workstation.services.clock import SystemClock
from workstation.services.secrets import Secrets
from workstation.services.settings import Settings
from workstation.services.translating import Translating
from workstation.store.store import Store


@pytest.fixture
async def client() -> AsyncIterator[Client]:
    """A client."""
    made = Client()
    yield made
    await made.close()


def config(kind: str, double: Double, **settings: str) -> ProviderConfig:
    """How a double is set up; its key lies in the environment of `Secrets` below."""
    server = f"{double.address}/v1" if kind == "openai" else double.address
    model = {"model": "local-model"} if kind == "openai" else {}
    return ProviderConfig(kind, server, "env:KEY" if double.key else "", model | settings)


Making = Callable[[ProviderConfig], Awaitable[Translating]]


@pytest.fixture
async def translating(tmp_path: Path, client: Client) -> AsyncIterator[Making]:
    """Makes the service with a provider in force."""
    made: list[Translating] = []
    store = await Store.open(empty(tmp_path / "desk.sqlite3"), lambda _: None)

    async def make(wanted: ProviderConfig) -> Translating:
        settings = Settings(tmp_path / f"settings-{len(made)}.toml")
        settings.change(translator=wanted)
        service = Translating(settings, Secrets({"KEY": KEY}), client, store.translations, SystemClock())
        made.append(service)
        return service

    yield make
    for service in made:
        await service.close()
    await store.close()
