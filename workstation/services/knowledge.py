"""What agents look up beside the reply: articles read from folders, suggested by the case's words; guidelines."""

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from workstation.domain.cases import Entry
from workstation.domain.errors import MeridianError
from workstation.domain.knowledge import Article, Change, Guideline, Hit, Shelf, words_of
from workstation.domain.text import N_
from workstation.services.clock import Clock

if TYPE_CHECKING:
    from workstation.services.article_files import Refused
    from workstation.store.store import Store

LONGEST_GUIDELINE = 20_000
"""Characters."""


class FolderError(MeridianError):
    """A folder of articles cannot be read."""

    code = "article_folder"
    sentence = N_("The folder {folder} cannot be read: {why}")


class NoArticlesError(MeridianError):
    """There is nothing to read in a folder."""

    code = "no_articles"
    sentence = N_("There is no article in {folder}: they are files that end in .md, .txt or .html.")


class ArticleChange(msgspec.Struct, frozen=True):
    """What reading a folder in would do to one article."""

    change: Change
    article: Article


class ShelfPlan(msgspec.Struct, frozen=True):
    """What reading a folder in would do, before it is done."""

    shelf: Shelf
    changes: tuple[ArticleChange, ...]
    refused: "tuple[Refused, ...]" = ()

    def of(self, change: Change) -> tuple[Article, ...]:
        """The articles to which this would happen."""
        return tuple(each.article for each in self.changes if each.change is change)

    @property
    def does_something(self) -> bool:
        """Whether anything is new, changed or gone."""
        return any(each.change is not Change.SAME for each in self.changes)


class Taken(msgspec.Struct, frozen=True):
    """A shelf that was taken away, with everything needed to put it back."""

    shelf: Shelf
    articles: tuple[Article, ...]


class Knowledge:
    """The articles and guidelines of this desk; nothing is asked of any network."""

    def __init__(self, store: "Store", clock: Clock) -> None:
        self._store = store
        self._clock = clock

    # -- articles --------------------------------------------------------------------------------------------------

    async def shelves(self) -> tuple[Shelf, ...]:
        """The folders that were read in."""
        return tuple(await self._store.knowledge.shelves())

    async def articles(self, shelf: str = "") -> tuple[Article, ...]:
        """All articles, or those of a shelf, by title."""
        return tuple(await self._store.knowledge.articles(shelf))

    async def plan(self, folder: Path) -> ShelfPlan:
        """What reading a folder (an absolute path) in would do. FolderError, NoArticlesError."""
        # Imported when first used: a start pays for every module.
        from workstation.services.article_files import read_folder

        name = folder.name or str(folder)
        try:
            reading = await asyncio.to_thread(read_folder, folder, name)
        except OSError as error:
            raise FolderError(folder=name, why=error.strerror or "") from error
        known = {article.path: article for article in await self.articles(name)}
        if not reading.articles and not known:
            raise NoArticlesError(folder=name)
        changes = [_change(known.get(article.path), article) for article in reading.articles]
        there = {article.path for article in reading.articles}
        changes += [ArticleChange(Change.GONE, article) for path, article in known.items() if path not in there]
        shelf = Shelf(name, len(reading.articles), self._clock.now(), str(folder))
        return ShelfPlan(shelf, tuple(sorted(changes, key=lambda each: each.article.path)), reading.refused)

    async def carry_out(self, plan: ShelfPlan) -> None:
        """Take in what a plan says, in one step."""
        wanted = (*plan.of(Change.NEW), *plan.of(Change.CHANGED))
        await self._store.knowledge.put(plan.shelf, wanted, [article.id for article in plan.of(Change.GONE)])

    async def drop(self, shelf: Shelf) -> Taken:
        """Forget a shelf; what is needed to put it back."""
        return Taken(shelf, tuple(await self._store.knowledge.drop_shelf(shelf.name)))

    async def restore(self, taken: Taken) -> None:
        """Put a shelf back as it was."""
        await self._store.knowledge.put(taken.shelf, taken.articles)

    async def find(self, query: str) -> tuple[Hit, ...]:
        """Articles with all these words, best first; everything by title while nothing is asked."""
        if not query.strip():
            return tuple(Hit(article) for article in await self.articles())
        return tuple(await self._store.knowledge.find(query))

    async def suggest(self, entry: Entry, thread: tuple[Entry, ...] = ()) -> tuple[Hit, ...]:
        """Articles that speak of what the customer writes about, those in the customer's language first."""
        theirs = [each.message.text for each in reversed(thread) if not each.message.own]
        words = words_of((entry.message.text, *theirs[:5], *(entry.case.tags if entry.case is not None else ())))
        language = entry.message.language or (entry.case.language if entry.case is not None else "")
        return tuple(await self._store.knowledge.suggest(words, language))

    def stale(self, article: Article) -> bool:
        """Whether an article is so old that it has to be checked before it is quoted."""
        return article.stale(self._clock.now())

    # -- guidelines ------------------------------------------------------------------------------------------------

    async def guidelines(self) -> tuple[Guideline, ...]:
        """All guidelines, the desk's first."""
        return tuple(await self._store.knowledge.guidelines())

    async def guideline(self, channel: int) -> Guideline | None:
        """The guideline of a channel, else the desk's."""
        found = {guideline.channel: guideline for guideline in await self.guidelines()}
        return found.get(channel) or found.get(0)

    async def write_guideline(self, channel: int, text: str) -> Guideline | None:
        """Write the guideline of a channel (0: the desk); an empty one is forgotten. What was there before."""
        before = next((each for each in await self.guidelines() if each.channel == channel), None)
        await self._store.knowledge.put_guideline(Guideline(channel, text[:LONGEST_GUIDELINE], self._clock.now()))
        return before


def _change(before: Article | None, article: Article) -> ArticleChange:
    if before is None:
        return ArticleChange(Change.NEW, article)
    known = msgspec.structs.replace(article, id=before.id)
    return ArticleChange(Change.SAME if known == before else Change.CHANGED, known)
