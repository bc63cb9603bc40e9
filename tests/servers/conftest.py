"""A fixture per server; the tests that ask for one are skipped, with the reason, where it is not installed."""

from collections.abc import Iterator

import pytest

from tests.servers.running import AbsentError, Server, running

_RUNNING: dict[str, Server] = {}
"""Modules elsewhere import these fixtures, each a fixture of its own to pytest; one machine has each server once."""


def _server(name: str) -> Iterator[Server]:
    if name in _RUNNING:
        yield _RUNNING[name]  # whoever began it ends last
        return
    try:
        with running(name) as server:
            _RUNNING[name] = server
            yield server
            del _RUNNING[name]
    except AbsentError as absent:
        pytest.skip(str(absent))


@pytest.fixture(scope="session")
def synapse() -> Iterator[Server]:
    """Matrix: Synapse."""
    yield from _server("synapse")


@pytest.fixture(scope="session")
def mail() -> Iterator[Server]:
    """Dovecot and OpenSMTPD."""
    yield from _server("mail")


@pytest.fixture(scope="session")
def wordpress() -> Iterator[Server]:
    """WordPress with MariaDB."""
    yield from _server("wordpress")


@pytest.fixture(scope="session")
def atproto() -> Iterator[Server]:
    """PLC, PDS, AppView and Ozone."""
    yield from _server("atproto")
