"""Scenes of rules and approval: pages empty, full and in trouble, and their sheets."""

import asyncio
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QDialog

from workstation.domain.messages import Mark
from workstation.domain.outbox import Act, Operation
from workstation.domain.rules import Rule, Severity
from workstation.services import rulefile, tomlfile
from workstation.services.actions import operation
from workstation.views.approval.desk import PersonSheet, RemarkSheet
from workstation.views.approval.page import ApprovalPage
from workstation.views.rules.page import RulesPage
from workstation.views.rules.sheets import HoldingSheet, ImportSheet, WhySheet

if TYPE_CHECKING:
    from tests.pictures import Album

WORDS = "Thank you! We have found you're order and will come back to you today. We are sory for the delay."


def _rules(template: str) -> tuple[Rule, ...]:
    fits = 'kind:mention (refund OR "money back" OR lang:de)'
    return (
        Rule("1", "Refunds first", fits, True, ("refund", "late"), ("spam",), 5, "billing", notify=Severity.URGENT),
        Rule("2", "Fold what machines write", "is:bot", False, collapse=True),
        Rule("3", "Holding reply at night", "is:unanswered kind:direct", holding=template),
        Rule("4", "A rule with a very long name that has to be broken somewhere", "-is:own", add=("all",), stop=True),
    )


async def rule_scenes(album: "Album") -> None:
    """The page of rules, empty and full, a dry run, a fault, and its sheets."""
    world, ruling = album.world, album.world.bench.ruling
    world.window.go("page.rules")
    await asyncio.sleep(0.2)
    await album.take("rules-empty")
    rules = _rules((await world.desk.templates.list())[0].key)
    await world.desk.rules.save(rules)
    page = world.window.widget("page.rules")
    assert isinstance(page, RulesPage)
    await album.take("rules")
    page.list.setCurrentRow(3)
    world.bench.actions.run("rules.try")
    await world.until(page.report.tree.isVisible, "dry run")
    await asyncio.sleep(0.3)
    await album.take("rules-dry-run")
    page.list.setCurrentRow(2)
    page.editor.when.put("lang:(")
    await album.take("rules-fault")
    page.editor.when.put(rules[2].when)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "team.toml"
        changed = Rule("2", "Fold what machines write", "is:bot -has:case", collapse=True)
        tomlfile.write(file, rulefile.table((changed, Rule("9", "New", "urgent", add=("urgent",)), rules[0])))
        world.bench.tasks.spawn(ruling.take_over(file))
        await _sheet(album, "rules-import", ImportSheet)
    await _sheet(album, "rules-holding", HoldingSheet, page.editor.agree.click)
    page.list.setCurrentRow(0)
    await _sheet(album, "rules-why", WhySheet, lambda: world.bench.actions.run("rules.why"))
    world.window.go("page.deck")
    rows = [row for column in world.bench.deck.columns[:3] for row in column.view.model.rows[:3]]
    await world.desk.store.messages.mark({row.message.id: ((Mark.FOLDED,), ()) for row in rows[1:4]})
    await album.take("folded")
    for row in rows[1:4]:
        await world.desk.rules.unfold(row.message.id)
    await world.desk.rules.save(())


async def approval_scenes(album: "Album") -> None:
    """The page of approval, empty and full, and its sheets."""
    world, desk = album.world, album.world.desk
    world.window.go("page.approval")
    await asyncio.sleep(0.2)
    await album.take("approval-empty")
    await desk.approval.require(True)
    channel = desk.supervisor.configs()[0]
    rows = [row for column in world.bench.deck.columns[:3] for row in column.view.model.rows[:3]]
    for row in rows[:5]:
        reply = Operation(operation(), Act.REPLY, target=row.message.remote_id, text=WORDS, language="en")
        await desk.store.outbox.put(channel.id, reply, case=row.message.case, message=row.message.id)
    waiting = await desk.approval.waiting()
    await desk.approval.send_back(waiting[1].row.operation.id, "Please use the first name, and say when.")
    page = world.window.widget("page.approval")
    assert isinstance(page, ApprovalPage)
    await world.until(lambda: page.list.count() == len(waiting), "rows")
    page.list.setCurrentRow(0)
    await asyncio.sleep(0.2)
    page.put_text(WORDS.replace("you're order", "your order").replace("sory", "sorry"))
    await album.take("approval")
    await _sheet(album, "approval-person", PersonSheet, lambda: world.bench.actions.run("review.approve"))
    await _sheet(album, "approval-back", RemarkSheet, lambda: world.bench.actions.run("review.back"))
    for each in await desk.approval.waiting():
        await desk.outbox.cancel(each.row.operation.id)
    await desk.approval.require(False)


async def _sheet(album: "Album", scene: str, kind: type[QDialog], start: Callable[[], object] = lambda: None) -> None:
    start()
    sheet = await album.world.dialog(kind)
    await asyncio.sleep(0.1)
    await album.take(scene)
    sheet.reject()
    await asyncio.sleep(0.1)
