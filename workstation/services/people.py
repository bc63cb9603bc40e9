"""People across channels: which accounts are one human. Linked by agents alone, and taken apart again."""

from functools import partial
from typing import TYPE_CHECKING

from workstation.domain.messages import Author
from workstation.domain.people import Moved, Suggestion
from workstation.domain.text import LazyText, lazy

if TYPE_CHECKING:
    from workstation.services.deeds import Deed
    from workstation.store.store import Store


class People:
    """Links and splits accounts; a suggestion is only ever shown."""

    def __init__(self, store: "Store") -> None:
        self._store = store

    async def accounts(self, account: int) -> tuple[Author, ...]:
        """All accounts of the human behind one, that one first."""
        return await self._store.people.accounts(account)

    async def find(self, words: str) -> tuple[Author, ...]:
        """Accounts whose handle begins with `words`."""
        return await self._store.people.find(words)

    async def suggestions(self, account: int) -> tuple[Suggestion, ...]:
        """Accounts that may be the same human, with the reasons."""
        return await self._store.people.suggestions(account)

    async def link(self, account: Author, other: Author) -> "Deed":
        """Show both accounts, and whatever was linked with either, as one human."""
        _changes, moved = await self._store.people.link(account.id, other.id)
        return self._deed(lazy("Linked as one person"), moved)

    async def split(self, account: Author) -> "Deed":
        """Show an account as a human of its own."""
        _changes, moved = await self._store.people.split(account.id)
        return self._deed(lazy("A person of its own again"), moved)

    async def deny(self, account: Author, other: Author) -> "Deed":
        """Never suggest again that these are one human."""
        return await self._denied(account, other, denied=True)

    async def _denied(self, account: Author, other: Author, *, denied: bool) -> "Deed":
        # Imported when first used: a start pays for every module.
        from workstation.services.deeds import Deed

        await self._store.people.deny(account.id, other.id, denied=denied)
        return Deed(lazy("Remembered as different people"), partial(self._denied, account, other, denied=not denied))

    def _deed(self, label: LazyText, moved: Moved) -> "Deed":
        from workstation.services.deeds import Deed

        return Deed(label, partial(self._restore, label, moved))

    async def _restore(self, label: LazyText, moved: Moved) -> "Deed":
        _changes, back = await self._store.people.restore(moved)
        return self._deed(label, back)
