"""What the window itself offers in the palette: actions, columns, channels, templates, settings, languages, cases."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial

from workstation.domain.text import LazyText, lazy
from workstation.i18n import available, own_name, plain, render
from workstation.services.finding import CaseFinder
from workstation.services.settings import Settings, Theme
from workstation.services.supervisor import Supervisor
from workstation.services.templates import Templates
from workstation.views import masking
from workstation.views.case.words import CONDITION
from workstation.views.deck.content import one_line
from workstation.views.deck.deck_page import DeckPage
from workstation.views.desk_actions import DeskActions
from workstation.views.keys import GROUPS
from workstation.views.palette.items import Extra, Item

OWN = frozenset({"go.palette"})
THEMES = {
    Theme.SYSTEM: lazy("Theme: as the system"),
    Theme.DARK: lazy("Theme: dark"),
    Theme.LIGHT: lazy("Theme: light"),
    Theme.CONTRAST: lazy("Theme: high contrast"),
}


class ActionSource:
    """Every action with its key; why it is not possible now, if it is not."""

    title = lazy("Action")

    def __init__(self, actions: DeskActions) -> None:
        self._actions = actions

    def items(self, query: str) -> Iterator[Item]:
        """The actions that some part of the window answers for."""
        del query
        for spec in self._actions.known():
            if spec.id in OWN:
                continue
            reason = self._actions.reason(spec.id)
            yield Item(
                spec.id,
                render(spec.label),
                partial(self._actions.run, spec.id),
                hint=self._actions.key_text(spec.id),
                icon=spec.icon,
                # English finds it in every language, as colleagues name things differently.
                words=f"{render(GROUPS[spec.group])} {spec.label.msgid}",
                reason=render(reason) if reason is not None else "",
            )


class ExtraSource:
    """What other parts of the window have to go to."""

    title = lazy("Desk")

    def __init__(self, extras: Callable[[], Iterable[Extra]]) -> None:
        self._extras = extras

    def items(self, query: str) -> Iterator[Item]:
        """What there is now."""
        del query
        for extra in self._extras():
            yield Item(extra.id, extra.text, extra.run, icon=extra.icon, kind=extra.kind)


class ColumnSource:
    """The columns of the deck, to go to."""

    title = lazy("Column")

    def __init__(self, deck: DeckPage, go: Callable[[int], object]) -> None:
        self._deck, self._go = deck, go

    def items(self, query: str) -> Iterator[Item]:
        """The columns in their order."""
        del query
        for number, column in enumerate(self._deck.columns):
            yield Item(f"column-{number}", column.title, partial(self._go, number), icon="columns-3")


class ChannelSource:
    """The channels with how they stand, to be looked after."""

    title = lazy("Channel")

    def __init__(self, supervisor: Supervisor, go: Callable[[], object]) -> None:
        self._supervisor, self._go = supervisor, go

    def items(self, query: str) -> Iterator[Item]:
        """The connected channels."""
        del query
        for config in self._supervisor.configs():
            condition = render(CONDITION[self._supervisor.health[config.id].condition])
            yield Item(f"channel-{config.id}", config.name, self._go, hint=condition, icon="plug")


class SectionSource:
    """The sections of the settings."""

    title = lazy("Settings")

    def __init__(self, sections: Callable[[], Sequence[tuple[str, LazyText]]], go: Callable[[int], object]) -> None:
        self._sections, self._go = sections, go

    def items(self, query: str) -> Iterator[Item]:
        """The sections in their order."""
        del query
        for number, (icon, name) in enumerate(self._sections()):
            yield Item(f"settings-{name.msgid}", render(name), partial(self._go, number), icon=icon, words=name.msgid)


class ChoiceSource:
    """Languages of the interface and themes, each by its name."""

    title = lazy("Appearance")

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    def items(self, query: str) -> Iterator[Item]:
        """Every language there is, named in itself, then the themes."""
        del query
        for theme, name in THEMES.items():
            yield Item(f"theme-{theme}", render(name), partial(self._change, theme=theme), icon="sun-moon",
                       words=name.msgid)  # fmt: skip
        for tag in available():
            yield Item(f"language-{tag}", own_name(tag), partial(self._change, locale=tag), icon="languages", words=tag)

    def _change(self, **values: object) -> None:
        self._settings.change(**values)


class TemplateSource:
    """The templates; choosing one begins a reply with it."""

    title = lazy("Template")

    def __init__(
        self, templates: Templates, insert: Callable[[str], object], refused: Callable[[], LazyText | None]
    ) -> None:
        self._templates, self._insert, self._refused = templates, insert, refused

    def items(self, query: str) -> Iterable[Item]:
        """None at once: they are read from the store."""
        del query
        return ()

    async def find(self, query: str) -> Sequence[Item]:
        """The templates whose title or tags have the words."""
        words = query.casefold().split()
        families, refused = await self._templates.list(), self._refused()
        reason = render(refused) if refused is not None else ""
        return [
            Item(
                f"template:{family.id}",
                family.title,
                partial(self._insert, family.title),
                icon="layout-template",
                reason=reason,
            )
            for family in families
            if all(word in f"{family.title} {' '.join(family.tags)}".casefold() for word in words)
        ][: 12 if query else None]


class CaseSource:
    """Open cases by words of what was written in them."""

    title = lazy("Open case")

    def __init__(self, finder: CaseFinder, show: Callable[[int], object]) -> None:
        self._finder, self._show = finder, show

    def items(self, query: str) -> Iterable[Item]:
        """None at once: they are searched for."""
        del query
        return ()

    async def find(self, query: str) -> Sequence[Item]:
        """The open cases that fit; without words, those that are ours."""
        found = []
        for entry in await self._finder.open_cases(query):
            if entry.case is None:
                continue
            message = masking.message(entry.message)
            who = one_line(message.author.name or message.author.handle)
            text = plain(f"{who}: {one_line(message.text)}")
            found.append(Item(f"case:{entry.case.id}", text, partial(self._show, entry.case.id), icon="inbox",
                              lasting=False))  # fmt: skip
        return found
