"""Scenes of a desk on every network at once: mails, rooms, comments and articles beside posts."""

import asyncio
from contextlib import AsyncExitStack
from importlib import import_module
from typing import TYPE_CHECKING

import msgspec
from PySide6.QtWidgets import QMenu

from workstation.domain.channels import ChannelConfig
from workstation.domain.messages import Author, Batch, IncomingMessage, Kind, Mark, Media, MediaKind, Visibility
from workstation.services.clock import SystemClock
from workstation.views.deck.add_column import AddColumn
from workstation.views.settings.channel_sheet import ChannelSheet

if TYPE_CHECKING:
    from tests.conformance.kit import Kit
    from tests.pictures import Album
    from tests.views.desk_world import World

NAMES = {"bluesky": "Sky", "matrix": "Rooms", "email": "Service mail", "wordpress": "Blog", "feed": "Trade press"}
MAIL = """Broken cup in order LK-20417
Good morning,

the cup arrived with a broken handle. Two pictures and your invoice are attached.

Kind regards
Vera Lindqvist

> On Monday, Larkmoor Care wrote:
> Your parcel left our house today.
> You can follow it under https://parcels.example/LK-20417
"""
INVOICE = Media(MediaKind.OTHER, "mail:7/3", name="Rechnung-LK-20417.pdf", size=183_204)
PICTURE = Media(MediaKind.IMAGE, "mail:7/2", name="cup.jpg", size=2_411_020)


async def connect_all(world: "World", stack: AsyncExitStack) -> dict[str, ChannelConfig]:
    """A channel on a double of each network, with messages in it; the channels by kind."""
    made: dict[str, ChannelConfig] = {}
    for kind, name in NAMES.items():
        kit: Kit = import_module(f"tests.conformance.{kind}").KIT()
        config = kit.config(await kit.start())
        stack.push_async_callback(kit.close)
        secret = f"keyring:{kind}" if config.secret else ""
        world.desk.secrets.lend(secret, kit.secret)
        config = await world.desk.store.channels.add(msgspec.structs.replace(config, name=name, secret=secret))
        made[kind] = config
        world.desk.supervisor.run(config)
    for kind, config in made.items():
        for message in _messages(kind, SystemClock().now()):
            await world.desk.store.messages.accept(config, Batch("pictures", (message,)))
    return made


def _messages(kind: str, now: int) -> list[IncomingMessage]:
    ago = now - 600_000_000

    def said(key: str, who: str, what: Kind, text: str, *marks: Mark, **more: object) -> IncomingMessage:
        author = Author(kind, f"{kind}-{who}", f"{who.lower()}@example.org", who)
        return IncomingMessage(f"{kind}-{key}", what, author, text, ago, marks=marks, branch=key, **more)  # type: ignore[arg-type]

    direct = Visibility.DIRECT
    return {
        "bluesky": [said("1", "Alice", Kind.MENTION, "@care.test where is my order? https://example.org/LK-20417"),
                    said("2", "Bob", Kind.MENTION, "You are all crooks!", Mark.HIDDEN)],
        "matrix": [said("1", "Chen", Kind.DIRECT, "Hello, can I still change the address?", visibility=direct),
                   said("2", "Dana", Kind.DIRECT, "", Mark.ENCRYPTED, visibility=direct),
                   said("3", "Evil", Kind.DIRECT, "The den", Mark.HELD, Mark.INVITED, visibility=direct)],
        "email": [said("1", "Vera Lindqvist", Kind.MAIL, MAIL, Mark.TITLED, visibility=direct,
                       media=(PICTURE, INVOICE)),
                  said("2", "Mailer", Kind.MAIL, "Out of office\nI am back on Monday.", Mark.TITLED, Mark.AUTOMATIC,
                       visibility=direct),
                  said("3", "نجلاء", Kind.MAIL, "الطلب رقم LK-20418\nلم يصل طلبي حتى الآن.", Mark.TITLED,
                       visibility=direct)],
        "wordpress": [said("1", "Xaver", Kind.COMMENT, "Hello world!\nDo you ship to Austria?", Mark.TITLED, Mark.HELD),
                      said("2", "Pills", Kind.COMMENT, "Hello world!\nBuy now http://cheap.example", Mark.TITLED,
                           Mark.JUNK)],
        "feed": [said("1", "Trade press", Kind.ITEM, "Larkmoor closes its workshop\nThe firm said on Friday that …",
                      Mark.TITLED)],
    }[kind]  # fmt: skip


async def channel_scenes(album: "Album") -> None:
    """The deck, a case of each network with what can be done to it, and the form of each kind."""
    world, bench = album.world, album.world.bench
    async with AsyncExitStack() as stack:
        made = await connect_all(world, stack)
        stack.push_async_callback(world.desk.supervisor.close)
        ready = world.desk.supervisor.ready
        await world.until(lambda: len(ready()) == len(made), "all are connected")
        await asyncio.sleep(1.0)
        bench.deck.show_columns(world.desk.layout.load())
        await album.take("channels-deck")
        for kind, config in made.items():
            found = await world.desk.store.messages.by_remote(config.id, f"{kind}-1")
            assert found is not None
            bench.open_entry(found)
            await world.until(lambda: bench.panel.entries, "the thread")
            await asyncio.sleep(0.3)
            if kind != "feed":
                bench.replying.reply()
                await asyncio.sleep(0.3)
            await album.take(f"channels-{kind}")
            bench.moderation.show_menu()
            await album.take(f"channels-{kind}-menu")
            for menu in world.window.findChildren(QMenu):
                menu.close()
        for number in (2, 3):
            found = await world.desk.store.messages.by_remote(made["matrix"].id, f"matrix-{number}")
            assert found is not None
            bench.open_entry(found)
            await asyncio.sleep(0.5)
            await album.take(f"channels-matrix-{number}")
        bench.actions.run("column.add")
        adding = await world.dialog(AddColumn)
        await album.take("channels-add-column")
        adding.reject()
        sheet = ChannelSheet(world.desk, None, world.window)
        sheet.open()
        await asyncio.sleep(0.3)
        for index in range(sheet.kind.count()):
            sheet.kind.setCurrentIndex(index)
            sheet.form._more.setChecked(True)
            await album.take(f"channels-form-{sheet.manifest.kind}")
        sheet.reject()
