"""Fixtures of the practice network's own tests: the network, and Mastodon.py as the independent client."""

from collections.abc import Callable, Iterator

import pytest
from mastodon import Mastodon

from tests.practice_network import PracticeNetwork, practice, practices

__all__ = ["practice", "practices"]

Connect = Callable[..., Mastodon]


@pytest.fixture
def connect() -> Iterator[Connect]:
    """A factory of clients; their connections are closed after the test."""
    clients: list[Mastodon] = []

    def make(network: PracticeNetwork, role: str = "agent") -> Mastodon:
        client = Mastodon(
            access_token=network.tokens.get(role),
            api_base_url=network.base_url,
            ratelimit_method="throw",
            request_timeout=60,
        )
        clients.append(client)
        return client

    yield make
    for client in clients:
        client.session.close()


@pytest.fixture
def agent(practice: PracticeNetwork, connect: Connect) -> Mastodon:
    """The desk's account."""
    return connect(practice)


@pytest.fixture
def moderator(practice: PracticeNetwork, connect: Connect) -> Mastodon:
    """The moderators' account, with administrator scopes."""
    return connect(practice, "moderator")
