"""A list of callbacks, for services that have one thing to tell."""

import logging
from collections.abc import Callable
from typing import Generic, TypeVar

log = logging.getLogger(__name__)

T = TypeVar("T")


class Observers(Generic[T]):
    """Calls every subscriber with a value, on the loop; a failing one is logged and disturbs no other."""

    def __init__(self) -> None:
        self._callbacks: list[Callable[[T], None]] = []

    def subscribe(self, callback: Callable[[T], None]) -> Callable[[], None]:
        """Call `callback` from now on; returns what ends it."""
        self._callbacks.append(callback)

        def unsubscribe() -> None:
            if callback in self._callbacks:
                self._callbacks.remove(callback)

        return unsubscribe

    def tell(self, value: T) -> None:
        """Call everyone."""
        for callback in tuple(self._callbacks):
            try:
                callback(value)
            except Exception as error:
                log.exception("observer failed", extra={"error": type(error).__name__})
