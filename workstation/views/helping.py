"""What helps with everything else: the palette, the help, the courses, reading in ahead; joined with one window."""

from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QApplication

from workstation.services.finding import CaseFinder
from workstation.views.countdowns import Countdowns
from workstation.views.palette.joining import PaletteDesk
from workstation.views.palette.sources import (
    ActionSource,
    CaseSource,
    ChannelSource,
    ChoiceSource,
    ColumnSource,
    ExtraSource,
    SectionSource,
    TemplateSource,
)
from workstation.views.practice.joining import CourseDesk
from workstation.views.warming import warm_up
from workstation.views.wellbeing import Wellbeing

if TYPE_CHECKING:
    from collections.abc import Sequence

    from workstation.domain.text import LazyText
    from workstation.views.workbench import Workbench


class Helping:
    """Built by the workbench once its pages are there."""

    def __init__(self, bench: "Workbench", app: QApplication) -> None:
        self._bench = bench
        desk, window = bench.desk, bench.window
        self.courses = CourseDesk(desk.training, window, bench.tasks, bench.practice_wanted.emit, bench.show_case)
        self.palette = PaletteDesk(window, bench.tasks, bench.search)
        self.palette.add(
            ActionSource(bench.actions),
            ColumnSource(bench.deck, self._column),
            SectionSource(_sections, self._section),
            self.courses,
            ChoiceSource(desk.settings),
            ChannelSource(desk.supervisor, partial(window.go, "page.settings")),
            ExtraSource(bench.decking.extras),
            TemplateSource(desk.templates, self._template, partial(bench.actions.reason, "composer.template")),
            CaseSource(CaseFinder(desk.store), bench.show_case),
        )
        bench.panel.entry_changed.connect(self.courses.looked_at)
        self.countdowns = Countdowns(desk.outbox, desk.clock, bench.actions, bench.notices, window)
        self.wellbeing = Wellbeing(app, desk.settings, desk.clock, bench.actions, bench.notices, window)
        bench.panel.entry_changed.connect(self.wellbeing.opened)
        bench.panel.thread_view.pictured.connect(self.wellbeing.pictured)
        self._ends = [desk.feed.subscribe(self.countdowns.on_change)]

    def bind(self) -> None:
        """Answer for the actions that are ours."""
        on = self._bench.actions.on
        on("go.palette", self.palette.open)
        on("go.help", self._help)
        on("outbox.more", lambda: self._bench.tasks.spawn(self.countdowns.more(), "more time"))
        self.wellbeing.bind()
        on("go.keys", partial(self._section_named, "Keys"))
        ingest = self._bench.desk.ingest
        self._bench.tasks.spawn(warm_up(lambda: ingest.received), "warm up")

    def _help(self) -> None:
        from workstation.views.help import Help, place_of

        bench = self._bench
        Help(
            bench.actions,
            place_of(bench.window.page, bench.window.focusWidget(), bench.panel, bench.composer.view),
            bench.window,
        ).open()

    def _column(self, index: int) -> None:
        self._bench.window.go("page.deck")
        self._bench.deck.focus_column(index)

    def _section_named(self, name: str) -> None:
        names = [section.msgid for _icon, section in _sections()]
        self._section(names.index(name))

    def _section(self, number: int) -> None:
        self._bench.window.go("page.settings")
        sections: Any = getattr(self._bench.window.widget("page.settings"), "sections", None)
        if sections is not None:
            sections.setCurrentRow(number)
            sections.setFocus()

    def _template(self, title: str) -> None:
        self._bench.replying.template(title)

    def put_place(self, place: dict[str, Any]) -> None:
        """Know again what was used lately."""
        self.palette.put_place(place)

    def place(self) -> dict[str, Any]:
        """What is kept with the window's place."""
        return self.palette.place()

    def close(self) -> None:
        """The window goes."""
        self.courses.close()
        self.wellbeing.close()
        for end in self._ends:
            end()


def _sections() -> "Sequence[tuple[str, LazyText]]":
    from workstation.views.settings.page import SECTIONS

    return SECTIONS
