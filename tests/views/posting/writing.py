"""What the tests of the page of posts share: more channels, the page, and what the networks were given."""

from typing import Any

from PySide6.QtCore import Qt

from tests.practice_network import PracticeNetwork
from tests.views.desk_world import World
from workstation.domain.channels import ChannelConfig
from workstation.domain.outbox import Outgoing, State
from workstation.i18n import plain
from workstation.views.posting.calendar import CalendarView
from workstation.views.posting.page import PostsPage
from workstation.views.posting.writer import Writer

CONTROL, SHIFT, ALT = (
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.AltModifier,
)
MINUTE = 60_000_000


def writer(world: World) -> Writer:
    """Where posts are written; once the page is made."""
    found = world.bench.posting._writer
    assert found is not None
    return found


def page(world: World) -> PostsPage:
    """The page of posts."""
    found = world.bench.posting._page
    assert found is not None
    return found


def calendar(world: World) -> CalendarView:
    """The calendar on it."""
    return page(world).calendar


async def begin(world: World) -> None:
    """Begin a post with the key for it."""
    world.press(Qt.Key.Key_C)
    await world.until(lambda: world.bench.posting._writer is not None and writer(world).post is not None, "a draft")
    await world.until(lambda: world.focus() is writer(world).view.editor, "the editor has the focus")


async def more_channels(world: World, network: PracticeNetwork, *roles: str) -> None:
    """Connect further accounts of the network, each named after its role."""
    desk = world.desk
    for role in roles:
        desk.secrets.lend(f"keyring:{role}", network.tokens[role])
        settings = {"sources": "home", "streaming_url": network.streaming_url}
        config = ChannelConfig(0, "mastodon", role, network.base_url, secret=f"keyring:{role}", settings=settings)
        desk.supervisor.run(await desk.store.channels.add(config))
    await world.until(lambda: len(desk.supervisor.ready()) == 1 + len(roles), "all channels")


def said(world: World, words: str) -> bool:
    """Whether a notice on the screen says this."""
    return any(words in plain(text) for text in world.window.notices.texts)


async def rows(world: World) -> tuple[Outgoing, ...]:
    """Everything in the outbox."""
    return await world.bench.casebook.outgoing(tuple(State))


def posts(network: PracticeNetwork, role: str = "agent", words: str = "Shop") -> list[dict[str, Any]]:
    """What an account has posted with these words in it, latest first."""
    account = network.account_ids[role]
    found = network.request("GET", f"/api/v1/accounts/{account}/statuses?limit=40", network.tokens[role])
    return [status for status in found if words in status["content"]]
