"""Scenes of what is beside the deck: two editors, posts and their calendar, calls, many at once, people's data."""

import asyncio
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog

from tests.providers.doubles.servers import libretranslate
from workstation.domain.cases import Entry
from workstation.domain.posts import Part, Post
from workstation.domain.providers import ProviderConfig
from workstation.views.bulk.answer_sheet import AnswerSheet
from workstation.views.bulk.preview import Preview
from workstation.views.case.pickers import OutcomePicker
from workstation.views.case.template_picker import TemplatePicker
from workstation.views.contacts.sheet import ContactSheet

if TYPE_CHECKING:
    from tests.pictures import Album
    from tests.views.desk_world import World

HOUR = 3_600_000_000
POSTS = ("Our shop in Bergen opens on Saturday.", "New: the Torrin 45 in green.", "يفتح متجرنا يوم السبت.")


async def page_scenes(album: "Album") -> None:
    """Every page and sheet of this part, as an agent finds it in use."""
    await _two_sides(album)
    await _contact(album)
    await _many(album)
    await _posts(album)
    await _people(album)


async def _two_sides(album: "Album") -> None:
    """A customer whose language the agent does not read, answered with a provider; then with one editor."""
    world, bench = album.world, album.world.bench
    rows = [row for column in bench.deck.columns for row in column.view.model.rows]
    entry = next((row for row in rows if row.message.language == "ar"), rows[0])
    async with libretranslate() as double:
        double.key = ""
        before = world.desk.settings.now.translator
        world.desk.settings.change(translator=ProviderConfig("libretranslate", double.address))
        await _reply(world, entry)
        if not bench.composer.view.two:
            bench.actions.run("composer.sides")
        view = bench.composer.view
        view.editor.setFocus()
        view.editor.setPlainText("Hello, your parcel 4711 comes on 12 June: https://larkmoor.example/4711")
        await asyncio.sleep(0.3)
        bench.actions.run("composer.translate")
        await world.until(lambda: view.text, "translated")
        await asyncio.sleep(0.8)
        await album.take("two-sides")
        bench.actions.run("composer.sides")
        await asyncio.sleep(0.3)
        await album.take("one-side")
        bench.actions.run("composer.close")
        world.desk.settings.change(translator=before)
    await asyncio.sleep(0.3)
    while (sheet := world.app.activeModalWidget()) is not None and isinstance(sheet, QDialog):
        sheet.reject()
        await asyncio.sleep(0.1)


async def _reply(world: "World", entry: Entry) -> None:
    bench = world.bench
    if bench.composer.entry is not None:
        bench.actions.run("composer.close")
        await asyncio.sleep(0.3)
    bench.open_entry(entry)
    await world.until(
        lambda: bench.panel.entry is not None and bench.panel.entry.message.id == entry.message.id, "case"
    )
    await asyncio.sleep(0.3)
    bench.replying.reply()
    await world.until(lambda: bench.composer.entry is not None, "composer")


async def _front(album: "Album", scene: str, action: str, kind: type[QDialog]) -> None:
    album.world.window.activateWindow()
    await asyncio.sleep(0.1)
    album.world.bench.actions.run(action)
    sheet = await album.world.dialog(kind)
    await asyncio.sleep(0.2)
    await album.take(scene)
    sheet.reject()
    await asyncio.sleep(0.1)


async def _contact(album: "Album") -> None:
    album.world.window.go("page.deck")
    await _front(album, "contact", "contact.note", ContactSheet)


async def _many(album: "Album") -> None:
    """Marked, asked once, answered once."""
    world, bench = album.world, album.world.bench
    bench.actions.run("case.close")
    bench.deck.focus_column(0)
    bench.deck.move_selection(0)
    for _row in range(4):
        bench.actions.run("marks.next")
    await asyncio.sleep(0.2)
    await album.take("marked")
    bench.actions.run("case.resolve")
    await world.dialog(OutcomePicker)
    await album.take("outcome")
    world.press(Qt.Key.Key_2)
    await world.until(lambda: isinstance(world.app.activeModalWidget(), Preview), "what would change")
    await asyncio.sleep(0.3)
    await album.take("many")
    await _put_away(world)
    world.window.activateWindow()
    bench.actions.run("bulk.answer")
    await world.until(lambda: isinstance(world.app.activeModalWidget(), QDialog), "what to answer with")
    await asyncio.sleep(0.3)
    if isinstance(asked := world.app.activeModalWidget(), TemplatePicker):
        await album.take("many-template")
        asked.accept()
    with_words = world.app.activeModalWidget
    await world.until(lambda: isinstance(with_words(), AnswerSheet), "the review")
    await asyncio.sleep(0.5)
    await album.take("many-answer")
    await _put_away(world)
    bench.actions.run("marks.none")


async def _put_away(world: "World") -> None:
    for _sheet in range(4):
        sheet = world.app.activeModalWidget()
        if isinstance(sheet, QDialog):
            sheet.reject()
        await asyncio.sleep(0.1)


async def _posts(album: "Album") -> None:
    world, bench = album.world, album.world.bench
    bench.actions.run("posts.calendar")
    await asyncio.sleep(0.3)
    await album.take("calendar-empty")
    channel = world.desk.supervisor.configs()[0].id
    now = world.desk.clock.now() // HOUR * HOUR
    for number, text in enumerate(POSTS * 3):
        at = now + HOUR * (5 + 23 * (number // 2) + number)
        await world.desk.posts.send(Post(text=text, parts=(Part(channel),), at=at))
    await asyncio.sleep(0.5)
    await album.take("calendar")
    bench.actions.run("posts.week")
    await asyncio.sleep(0.3)
    await album.take("calendar-week")
    bench.actions.run("posts.week")
    bench.actions.run("composer.post")
    await asyncio.sleep(0.5)
    await album.take("post-empty")
    assert bench.posting._writer is not None
    bench.posting._writer.view.editor.insertPlainText("Our shop in Bergen opens on Saturday, 10:00 #larkmoor")
    for ticket in bench.posting._writer.view.tickets.values():
        ticket.chosen.setChecked(True)
    await asyncio.sleep(0.5)
    await album.take("post")
    bench.actions.run("posts.when")
    await asyncio.sleep(0.3)
    await album.take("post-when")
    await _put_away(world)
    bench.actions.run("posts.discard")
    await asyncio.sleep(0.3)
    await _put_away(world)


async def _people(album: "Album") -> None:
    album.world.window.go("page.privacy")
    await asyncio.sleep(0.8)
    await album.take("privacy")
    page = album.world.bench.privacy.page
    assert page is not None
    for number in range(1, page.tabs.count()):
        page.tabs.setCurrentIndex(number)
        await asyncio.sleep(0.3)
        await album.take(f"privacy-{number}")
    page.tabs.setCurrentIndex(0)
    album.world.window.go("page.deck")
