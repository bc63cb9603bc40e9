"""What the suite needs of a network: a double of it on loopback, and what only this network can say.

A connector's kit is a subclass in a module of its own in this folder; the suite finds it by `KIT`.
"""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass

from workstation.connectors.base import Connector
from workstation.domain.channels import ChannelConfig
from workstation.domain.outbox import Operation

Address = tuple[str, int]


@dataclass(frozen=True)
class Refusal:
    """One form in which this network says "later": a name, and how many seconds it names (0: it does not say)."""

    name: str
    seconds: float = 0.0


class Kit(ABC):
    """A network on loopback. One is made for each test, begun, and closed."""

    kind: str
    """The connector's kind."""
    reads = True
    """Whether messages of others come without being asked for."""
    writes = True
    """Whether messages can be answered."""
    edits = True
    """Whether edits of others' messages reach us."""
    deletes = True
    posts = False
    """Whether new posts can be made (Act.POST)."""
    expires = True
    """Whether there is a sign-in that can be refused."""
    refusals: tuple[Refusal, ...] = ()
    """The forms of "later" that `refuse` can play."""
    write_marker = b""
    """Bytes of a request that sends a reply, so that its answer can be lost on the wire."""
    live = "live"
    """What `Health.condition` says once everything is read: "live" or "polling"."""
    secret = "the-secret"

    @abstractmethod
    async def start(self) -> Mapping[str, Address]:
        """Begin to serve; host and port of each of its servers by name. What is said before is in the past."""

    @abstractmethod
    def config(self, reached: Mapping[str, Address]) -> ChannelConfig:
        """The configuration of the account whose servers are reached at these addresses; polls every 0.1 s or less."""

    @abstractmethod
    async def close(self) -> None:
        """End the servers."""

    @abstractmethod
    async def say(self, text: str) -> str:
        """A customer writes to us, so that a case is opened; the remote id that the message must have."""

    @abstractmethod
    def written(self) -> list[str]:
        """The texts that our account has published, each as often as it is there."""

    async def edit(self, remote_id: str, text: str) -> None:
        """The customer changes the message."""
        raise NotImplementedError

    async def delete(self, remote_id: str) -> None:
        """The customer takes the message back."""
        raise NotImplementedError

    def refuse(self, refusal: Refusal, times: int = 1) -> None:
        """Answer the next writes with "later", in that form."""
        raise NotImplementedError

    def expire(self) -> None:
        """Accept our sign-in no longer, nor a renewal of it."""
        raise NotImplementedError

    async def spoil(self) -> None:
        """Put an item that cannot be read between the last message and the next one."""
        raise NotImplementedError

    async def babble(self) -> None:
        """Answer the next read with something that is no answer at all (truncated, wrong type), once."""
        raise NotImplementedError

    def limit(self, operation: Operation) -> int:
        """What the network counts a text of letters "x" to have at most, whom it names included; 0: no limit."""
        return 0

    def connector(self) -> Connector:
        """The connector, as the registry makes it."""
        from workstation.connectors.registry import built_in

        return built_in().connector(self.kind)
