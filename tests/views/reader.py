"""A screen reader for tests: it knows names, roles, states and actions of accessible objects, and nothing else."""

from collections.abc import Iterator
from dataclasses import dataclass

from PySide6.QtGui import QAccessible, QAccessibleInterface
from PySide6.QtWidgets import QApplication, QWidget

Role = QAccessible.Role
DEEPEST = 40
PASSED_OVER = {Role.ScrollBar, Role.Separator, Role.Grip, Role.Indicator}
"""Roles that screen readers pass over, or that say themselves what they are."""


def name_of(thing: QAccessibleInterface) -> str:
    """What it is called."""
    return thing.text(QAccessible.Text.Name)


@dataclass
class Reader:
    """Reads one window, or whatever window is in front of it."""

    window: QWidget

    def roots(self) -> list[QAccessibleInterface]:
        """The window that is active now: a dialog before the one it stands over."""
        top = QApplication.activePopupWidget() or QApplication.activeModalWidget() or self.window
        found = QAccessible.queryAccessibleInterface(top)
        return [found] if found is not None else []

    def walk(self) -> Iterator[QAccessibleInterface]:
        """Everything that is there, in its order."""
        for root in self.roots():
            yield from _below(root, 0)

    def find(self, role: Role, *words: str) -> QAccessibleInterface:
        """The first object of a role whose name holds all words; AssertionError with the names of its role."""
        seen = []
        for thing in self.walk():
            if thing.role() is role and not thing.state().invisible:
                seen.append(name_of(thing))
                if all(word in seen[-1] for word in words):
                    return thing
        raise AssertionError(f"no {role.name} named {words}; there are {seen}")

    def called(self, role: Role, name: str) -> QAccessibleInterface:
        """The object of a role with exactly this name."""
        for thing in self.walk():
            if thing.role() is role and name_of(thing) == name and not thing.state().invisible:
                return thing
        raise AssertionError(f"no {role.name} called {name!r}")

    def writing_in(self, *words: str) -> bool:
        """Whether the keyboard writes in a field of that name."""
        return any(
            thing.state().focused
            and thing.role() is Role.EditableText
            and all(word in name_of(thing) for word in words)
            for thing in self.walk()
        )

    def has(self, role: Role, *words: str) -> bool:
        """Whether there is such an object."""
        try:
            self.find(role, *words)
        except AssertionError:
            return False
        return True

    def do(self, thing: QAccessibleInterface, action: str = "Press") -> None:
        """Do what the object says it can do."""
        possible = thing.actionInterface()
        assert possible is not None, f"nothing can be done to {name_of(thing)!r}"
        assert action in possible.actionNames(), (name_of(thing), possible.actionNames())
        assert not thing.state().disabled, f"{name_of(thing)!r} is not possible now"
        possible.doAction(action)

    def nameless(self) -> list[str]:
        """What can have the focus and says nothing of itself."""
        found = []
        for thing in self.walk():
            state, role = thing.state(), thing.role()
            if state.invisible or not state.focusable or role in PASSED_OVER:
                continue
            if not name_of(thing).strip() and not (role is Role.Pane and not thing.isValid()):
                found.append(f"{role.name} {_path(thing)}")
        return found


def _below(thing: QAccessibleInterface, depth: int) -> Iterator[QAccessibleInterface]:
    if depth > DEEPEST or not thing.isValid() or thing.state().invisible:
        return
    yield thing
    for index in range(min(thing.childCount(), 400)):
        child = thing.child(index)
        if child is not None:
            yield from _below(child, depth + 1)


def _path(thing: QAccessibleInterface) -> str:
    parts: list[str] = []
    now: QAccessibleInterface | None = thing
    while now is not None and len(parts) < 6:
        owner = now.object()
        parts.append(f"{type(owner).__name__}:{owner.objectName()}" if owner is not None else now.role().name)
        now = now.parent()
    return " < ".join(parts)
