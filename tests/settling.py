"""Waiting on Qt's loop: for what it has just done, never by the clock."""

import asyncio
from collections.abc import Callable
from typing import TypeVar

from PySide6.QtCore import QAbstractEventDispatcher, QCoreApplication

from tests.waiting import PATIENCE

T = TypeVar("T")


async def settled(condition: Callable[[], T | None], what: str = "", patience: float = PATIENCE) -> T:
    """What `condition` says as soon as that is true; asked each time that Qt's loop has done all there was to do.

    Whatever changes on this thread, changes in an event of that loop, also what asyncio does: so this misses nothing,
    and asks for nothing while nothing happens. `condition` must not cause events itself.
    """
    if found := condition():
        return found
    dispatcher = QAbstractEventDispatcher.instance(QCoreApplication.instance().thread())  # type: ignore[union-attr]
    answer: asyncio.Future[T] = asyncio.get_running_loop().create_future()

    def look() -> None:
        if answer.done():
            return
        try:
            said = condition()
        except BaseException as error:  # noqa: BLE001 - belongs to whoever waits
            answer.set_exception(error)
        else:
            if said:
                answer.set_result(said)

    dispatcher.aboutToBlock.connect(look)
    try:
        async with asyncio.timeout(patience):
            return await answer
    except TimeoutError:
        raise AssertionError(f"never: {what or condition}") from None
    finally:
        dispatcher.aboutToBlock.disconnect(look)
