"""Open cases by words, for going to one without leaving the keyboard."""

from typing import TYPE_CHECKING

from workstation.domain.filters import parse

if TYPE_CHECKING:
    from collections.abc import Sequence

    from workstation.domain.cases import Entry
    from workstation.store.store import Store

MOST = 12
LONGEST = 120


class CaseFinder:
    """Looks cases up in the store."""

    def __init__(self, store: "Store") -> None:
        self._store = store

    async def open_cases(self, words: str, limit: int = MOST) -> "Sequence[Entry]":
        """Cases that are not solved and whose latest words fit, most urgent first; without words, those that are ours.

        `words` are taken as words, whatever they would mean in a filter.
        """
        plain = " ".join(f'"{word}"' for word in words[:LONGEST].replace('"', " ").split())
        text = f"-status:solved {plain}" if plain else "-status:solved is:mine"
        page = await self._store.messages.page(parse(text), queue=True, limit=limit)
        return page.entries
