"""Things done that are no command on one case: linking people, changing known issues. Each knows its way back."""

from collections.abc import Awaitable, Callable

import msgspec

from workstation.domain.text import LazyText


class Deed(msgspec.Struct, frozen=True):
    """Something done. `back` takes it back, and returns the deed that does it again; it may raise MeridianError."""

    label: LazyText
    back: Callable[[], Awaitable["Deed"]]

    def swing(self) -> Callable[[], Awaitable[None]]:
        """What takes the deed back when it is called, does it again when it is called again, and so on."""
        now = [self]

        async def turn() -> None:
            now[0] = await now[0].back()

        return turn
