"""The sheets around a case and their settings: named for screen readers, nothing cut, in any size of type."""

from pathlib import Path

import pytest
from PySide6.QtWidgets import QDialog, QWidget

from tests.i18n.audit import Fault, audit, report
from tests.practice_network import PracticeNetwork, practice
from tests.views.desk_world import World, run
from tests.views.test_flow import take_up
from workstation.domain import actions as commands
from workstation.i18n import PSEUDO_MIRRORED, load_language
from workstation.qt.translator import apply_language
from workstation.services.actions import operation
from workstation.views.case.escalation_sheet import AnswerSheet, EscalationSheet
from workstation.views.case.others import CasePicker
from workstation.views.case.person_picker import PersonPicker
from workstation.views.case.retracting import RetractSheet
from workstation.views.issues.picker import IssuePicker
from workstation.views.issues.sheet import CloseSheet, IssuesSheet
from workstation.views.settings.page import SettingsPage

__all__ = ["practice"]

pytestmark = pytest.mark.usefixtures("qapp")
SHEETS: tuple[tuple[str, type[QDialog]], ...] = (
    ("case.others", CasePicker),
    ("case.link", CasePicker),
    ("case.person", PersonPicker),
    ("case.escalate", EscalationSheet),
    ("case.answered", AnswerSheet),
    ("case.issue", IssuePicker),
    ("issue.list", IssuesSheet),
)


@pytest.mark.parametrize("scale", [100, 200])
@pytest.mark.parametrize("tag", ["en", PSEUDO_MIRRORED])
def test_nothing_is_unnamed_or_cut(practice: PracticeNetwork, profile: Path, tag: str, scale: int) -> None:
    async def steps(world: World) -> None:
        bench, panel = world.bench, world.bench.panel
        practice.post("Where is my parcel?", acct="ada.lovett@one.example")
        await take_up(world)
        apply_language(world.app, load_language(tag))
        case = panel.case
        assert case is not None
        issue, _deed = await world.desk.issues.add("Cards are refused at the checkout since ten in the morning", "x")
        for command in (
            commands.FileUnder(operation=operation(), case=case.id, issue=issue.id),
            commands.Escalate(operation=operation(), case=case.id, to="Billing <billing@acme.example>"),
            commands.Promise(operation=operation(), case=case.id, due_at=world.desk.clock.now() - 10**10),
        ):
            await bench.undoing.do(command, None, quiet=True)
        await world.until(lambda: panel.around.issue and panel.around.escalation, "what surrounds it")
        faults = _faults(panel)
        for name, kind in SHEETS:
            bench.actions.run(name)
            sheet = await world.dialog(kind)
            faults += _faults(sheet)
            sheet.reject()
            await world.until(world.window.isActiveWindow, "closed")
        message = panel.message
        assert message is not None
        for sheet in (
            CloseSheet(issue, world.window),
            RetractSheet(message, None, world.window),
            RetractSheet(message, bench.actions.reason("case.release"), world.window),
        ):
            sheet.open()
            faults += _faults(sheet)
            sheet.reject()
        world.window.go("page.settings")
        page = world.window.widget("page.settings")
        assert isinstance(page, SettingsPage)
        page.sections.setCurrentRow(4)
        faults += _faults(page)
        assert not faults, report(faults)

    run(profile, practice, steps, font_scale=scale)


def _faults(widget: QWidget) -> list[Fault]:
    return [fault for fault in audit(widget) if fault.kind in ("unnamed", "clipped")]
