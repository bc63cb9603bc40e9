"""The command palette: everything the window can do or show, found by a few letters."""

from collections.abc import Callable, Iterable

import msgspec
from PySide6.QtWidgets import QWidget

from workstation.domain.text import LazyText, lazy
from workstation.i18n import _, render
from workstation.views.desk_actions import DeskActions
from workstation.views.keys import GROUPS
from workstation.views.widgets.picker import Choice, Picker

OWN = frozenset({"go.palette"})


class Extra(msgspec.Struct, frozen=True):
    """Something to go to that is no action of the key table: a column, a template, a channel."""

    id: str
    text: str
    kind: LazyText
    icon: str
    run: Callable[[], object]


class Palette(Picker):
    """Actions first, then columns, templates and channels; whatever else is typed can be searched for."""

    def __init__(
        self,
        actions: DeskActions,
        extras: Iterable[Extra],
        search: Callable[[str], object],
        parent: QWidget,
    ) -> None:
        super().__init__(lazy("Command palette"), lazy("Type what you want to do or find"), parent)
        self._actions = actions
        self._extras = {extra.id: extra for extra in extras}
        self._search = search
        self.resize(640, 460)
        self.offer(self._everything())
        self.chosen.connect(self._run)

    def _everything(self) -> list[Choice]:
        found = []
        for spec in self._actions.known():
            if spec.id in OWN:
                continue
            reason = self._actions.reason(spec.id)
            found.append(
                Choice(
                    spec.id,
                    render(spec.label),
                    hint=self._actions.key_text(spec.id),
                    icon=spec.icon,
                    # English finds it in every language, as colleagues name things differently.
                    words=f"{render(GROUPS[spec.group])} {spec.label.msgid}",
                    reason=render(reason) if reason is not None else "",
                )
            )
        found += [
            Choice(extra.id, extra.text, hint=render(extra.kind), icon=extra.icon, words=render(extra.kind))
            for extra in self._extras.values()
        ]
        return found

    def _fitting(self, query: str) -> list[Choice]:
        found = super()._fitting(query)
        if query:
            found.append(Choice("", _("Search messages for “{words}”", words=query), icon="search", words=query))
        return found

    def _run(self, choice: Choice) -> None:
        if not choice.id:
            self._search(choice.words)
        elif choice.id in self._extras:
            self._extras[choice.id].run()
        else:
            self._actions.run(choice.id)
