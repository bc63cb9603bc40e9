"""What connectors deliver goes into the store: bounded, in order per channel, accounted for."""

import asyncio
from typing import TYPE_CHECKING

from workstation.domain.changes import ChangeSet
from workstation.domain.channels import ChannelConfig
from workstation.domain.messages import Batch

if TYPE_CHECKING:
    from workstation.store.store import Store

IN_FLIGHT = 64
"""Batches that may wait for the writer. Beyond it whoever delivers waits, down to the network's own flow control."""


class Ingest:
    """Accepts batches. `await accept` returns after the commit, so a cursor is never ahead of what is stored."""

    def __init__(self, store: "Store", in_flight: int = IN_FLIGHT) -> None:
        self._store = store
        self._places = asyncio.Semaphore(in_flight)
        self.received = 0
        """Items taken in this run; the store's ledger counts over all runs, in the same transaction as the items."""

    async def accept(self, config: ChannelConfig, batch: Batch) -> ChangeSet | None:
        """Store a batch with its cursor in one transaction. None: there was nothing in it."""
        if not batch.received and batch.cursor is None:
            return None
        async with self._places:
            changes = await self._store.messages.accept(config, batch)
        self.received += batch.received
        return changes
