"""What the workbench's keys do: moving, searching, languages and themes, help and palette."""

from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMenu, QWidget

from workstation.domain.text import lazy
from workstation.i18n import available, current_language, own_name, render
from workstation.services.settings import FONT_SCALES, Theme
from workstation.views.desk_actions import Handler
from workstation.views.keys import Scope
from workstation.views.workbench import Workbench

SCALE_STEP = 10
COLUMN_STEP = 20
THEMES = (Theme.SYSTEM, Theme.DARK, Theme.LIGHT, Theme.CONTRAST)
THEME_NAMES = {
    Theme.SYSTEM: lazy("Theme: as the system"),
    Theme.DARK: lazy("Theme: dark"),
    Theme.LIGHT: lazy("Theme: light"),
    Theme.CONTRAST: lazy("Theme: high contrast"),
}


def bind(bench: Workbench) -> None:
    """Answer for every action that is the workbench's own."""
    bench.commands.bind(bench.actions)
    for table in (_deck(bench), _desk(bench), _go(bench)):
        for name, handler in table.items():
            bench.actions.on(name, handler)
    practising = bench.desk.practice
    bench.actions.allow("desk.practice", lazy("This is the practice desk already.") if practising else None)
    bench.actions.allow("desk.afresh", None if practising else lazy("This is not the practice desk."))
    bench.bulk.follow()
    bench.helping.bind()
    bench.actions.attach(Scope.DECK, bench.deck)


def _deck(bench: Workbench) -> dict[str, Handler]:
    deck = bench.deck
    columns: dict[str, Handler] = {f"column.{n}": partial(_column, bench, n - 1) for n in range(1, 10)}
    return columns | {
        "card.next": partial(_step, bench, 1),
        "card.previous": partial(_step, bench, -1),
        "card.open": deck.open_current,
        "column.next": partial(deck.step_column, 1),
        "column.previous": partial(deck.step_column, -1),
        "column.newest": deck.jump_to_new,
        "column.pause": deck.toggle_pause,
        "column.add": partial(_on_deck, bench, deck.add_column),
        "column.edit": partial(_on_deck, bench, deck.edit_column),
        "column.close": deck.close_column,
        "column.move_left": partial(deck.move_column, -1),
        "column.move_right": partial(deck.move_column, 1),
        "column.wider": partial(deck.resize_column, COLUMN_STEP),
        "column.narrower": partial(deck.resize_column, -COLUMN_STEP),
    }


def _desk(bench: Workbench) -> dict[str, Handler]:
    return {
        "case.reply": bench.replying.reply,
        "composer.template": bench.replying.template,
        "outbox.hold": bench.outgoing.hold,
        "desk.undo": bench.undoing.undo,
        "desk.redo": bench.undoing.redo,
        "desk.channel": partial(_connect_channel, bench),
        "desk.practice": bench.practice_wanted.emit,
        "desk.afresh": lambda: bench.tasks.spawn(_afresh(bench), "afresh"),
        "desk.language": partial(show_languages, bench),
        "desk.theme": partial(_next_theme, bench),
        "desk.larger": partial(_scale, bench, SCALE_STEP),
        "desk.smaller": partial(_scale, bench, -SCALE_STEP),
        "desk.normal": partial(_scale, bench, 0),
    }


def _go(bench: Workbench) -> dict[str, Handler]:
    return {
        "go.search": partial(_search, bench),
        "go.region": partial(_region, bench, 1),
        "go.region_back": partial(_region, bench, -1),
        "go.notices": partial(_notices, bench),
    }


def _on_deck(bench: Workbench, handler: Handler) -> None:
    bench.window.go("page.deck")
    handler()


def _column(bench: Workbench, index: int) -> None:
    bench.window.go("page.deck")
    bench.deck.focus_column(index)


def _step(bench: Workbench, by: int) -> None:
    if bench.window.page == "page.outbox":
        bench.outbox.step(by)
    elif bench.window.page == "page.deck":
        bench.deck.move_selection(by)
    elif bench.window.page in ("page.rules", "page.approval"):
        # Imported when first opened: a start pays for every module.
        from workstation.views.approval.page import ApprovalPage
        from workstation.views.rules.page import RulesPage

        page = bench.window.widget(bench.window.page)
        if isinstance(page, RulesPage | ApprovalPage):
            page.step(by)


def _search(bench: Workbench) -> None:
    field = bench.window.top_bar.search
    field.setFocus(Qt.FocusReason.ShortcutFocusReason)
    field.selectAll()


def _connect_channel(bench: Workbench) -> None:
    bench.window.go("page.settings")
    page = bench.window.widget("page.settings")
    add = getattr(page, "add_channel", None)
    if add is not None:
        add()


async def _afresh(bench: Workbench) -> None:
    from workstation.views.leaving import confirm_afresh

    if await confirm_afresh(bench.window):
        bench.afresh_wanted.emit()


def _scale(bench: Workbench, by: int) -> None:
    low, high = FONT_SCALES
    now = bench.desk.settings.now.font_scale
    bench.desk.settings.change(font_scale=min(high, max(low, now + by)) if by else 100)
    shown = bench.desk.settings.now.font_scale
    bench.notices.say(lazy("Text size: {percent} %", percent=shown), key="scale")


def _next_theme(bench: Workbench) -> None:
    at = THEMES.index(bench.desk.settings.now.theme)
    chosen = THEMES[(at + 1) % len(THEMES)]
    bench.desk.settings.change(theme=chosen)
    bench.notices.say(THEME_NAMES[chosen], key="theme")


def show_languages(bench: Workbench) -> None:
    """Let the agent choose the language of the interface; each is named in itself."""
    menu = QMenu(bench.window)
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    for tag in available():
        action = menu.addAction(own_name(tag))
        action.setCheckable(True)
        action.setChecked(tag == current_language().tag)
        action.triggered.connect(lambda _=False, chosen=tag: bench.desk.settings.change(locale=chosen))
    button = bench.window.top_bar.buttons["desk.language"]
    menu.popup(button.mapToGlobal(button.rect().bottomLeft()))


def _regions(bench: Workbench) -> list[QWidget]:
    window = bench.window
    first = window.rail.findChild(QWidget, "", Qt.FindChildOption.FindDirectChildrenOnly) or window.rail
    parts: list[QWidget] = [first, window.top_bar.search]
    if window.page == "page.deck":
        column = bench.deck.current
        parts.append(column.view if column is not None else bench.deck)
        if bench.panel.isVisible():
            views = bench.panel.thread_view.views()
            parts.append(views[-1] if views else bench.panel.tabs)
        if bench.composer.view.isVisible():
            parts.append(bench.composer.view.editor)
    else:
        page = window.pages.currentWidget()
        if page is not None:
            parts.append(bench.outbox.list if page is bench.outbox else page)
    toast = bench.notices.newest()
    if toast is not None and toast.action is not None:
        parts.append(toast.action)
    return parts


def _region(bench: Workbench, by: int) -> None:
    parts = _regions(bench)
    focus = bench.window.focusWidget()
    at = next((n for n, part in enumerate(parts) if focus is not None and (part is focus or _beside(part, focus))), -1)
    target = parts[(at + by) % len(parts)]
    target.setFocus(Qt.FocusReason.ShortcutFocusReason)
    if not target.hasFocus():
        following = target.nextInFocusChain()
        if following is not None and target.isAncestorOf(following):
            following.setFocus(Qt.FocusReason.ShortcutFocusReason)


def _beside(part: QWidget, focus: QWidget) -> bool:
    """Whether `focus` lies in the same part of the window."""
    parent = part.parentWidget()
    return part.isAncestorOf(focus) or (
        parent is not None and parent.isAncestorOf(focus) and parent is not part.window()
    )


def _notices(bench: Workbench) -> None:
    """The latest notices once more, the newest with the focus on its way back."""
    toast = bench.notices.newest()
    if toast is not None and toast.action is not None:
        toast.action.setFocus(Qt.FocusReason.ShortcutFocusReason)
        return
    menu = QMenu(bench.window)
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    for notice in list(bench.notices.history)[:20]:
        menu.addAction(render(notice.text))
    if menu.isEmpty():
        menu.addAction(render(lazy("No notices yet"))).setEnabled(False)
    button = bench.window.top_bar.buttons["go.notices"]
    menu.popup(button.mapToGlobal(button.rect().bottomLeft()))
