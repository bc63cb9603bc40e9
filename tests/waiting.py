"""Waiting for what somebody tells: the change feed, the supervisor's health. Never by the clock."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

T = TypeVar("T")
Subscribe = Callable[[Callable[[Any], None]], Callable[[], None]]

PATIENCE = 60.0
"""Seconds; a net under every wait, wide enough for a machine that does four things at once."""
PATIENCE_MS = round(PATIENCE * 1_000)
"""The same for `qtbot`."""
UNDO_SECONDS = 60
"""The longest time to take something back that a desk allows: a slow machine takes some of it to press a key."""


async def told(subscribe: Subscribe, look: Callable[[], Awaitable[T]], what: str = "", patience: float = PATIENCE) -> T:
    """What `look` finds as soon as that is true; it looks again each time that something is told."""
    changed = asyncio.Event()

    def tell(_: object) -> None:
        changed.set()

    unsubscribe = subscribe(tell)
    try:
        async with asyncio.timeout(patience):
            while True:
                changed.clear()
                if found := await look():
                    return found
                await changed.wait()
    except TimeoutError:
        raise AssertionError(f"never: {what or look}") from None
    finally:
        unsubscribe()
