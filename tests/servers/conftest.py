"""A fixture per server; the tests that ask for one are skipped, with the reason, where it is not installed."""

from collections.abc import Iterator

import pytest

from tests.servers.running import AbsentError, Server, shared


def _server(name: str) -> Iterator[Server]:
    try:
        with shared(name) as server:
            yield server
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
