"""The change feed: what a commit changed is told to everyone who shows it, in commit order, on the loop."""

import logging
from collections.abc import Callable, Iterator

from workstation.domain.changes import ChangeSet

log = logging.getLogger(__name__)

Listener = Callable[[ChangeSet], None]


class Feed:
    """Synchronous fan-out. A listener must be quick (mark dirt, arm a timer) and cannot disturb the others."""

    def __init__(self) -> None:
        self._listeners: dict[int, Listener] = {}
        self._next = 0
        self.sequence = 0
        """Of the latest change that was published."""

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        """Call `listener` from the next change on; returns what ends it (more than once does no harm)."""
        key = self._next
        self._next += 1
        self._listeners[key] = listener

        def unsubscribe() -> None:
            self._listeners.pop(key, None)

        return unsubscribe

    def publish(self, changes: ChangeSet) -> None:
        """Tell everyone at once."""
        for _ in self.tell(changes):
            pass

    def tell(self, changes: ChangeSet) -> Iterator[None]:
        """Tell everyone, a listener at each step: whoever goes through this may let input in between two of them.

        A listener that fails is logged, and stays subscribed: the next change may mend it.
        """
        self.sequence = max(self.sequence, changes.sequence)
        for key, listener in tuple(self._listeners.items()):
            if key not in self._listeners:  # it ended meanwhile
                continue
            try:
                listener(changes)
            except Exception as error:
                log.exception("listener failed", extra={"error": type(error).__name__})
            yield
