"""Signing in from the window: the browser comes back to this machine, or shows a code to type."""

import re
import threading
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import pytest
import requests
from PySide6.QtCore import QObject, QUrl, Slot
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QInputDialog

from tests.practice_network import PracticeNetwork, practice
from tests.views.desk_world import World, run
from workstation.domain.channels import Condition
from workstation.i18n import plain
from workstation.views.settings.channel_sheet import ChannelSheet
from workstation.views.settings.page import SettingsPage

__all__ = ["practice"]

pytestmark = pytest.mark.usefixtures("qapp")


class Browser(QObject):
    """Goes where the desk sends it, signs in there as the desk's account, and follows the way back."""

    def __init__(self) -> None:
        super().__init__()
        self.codes: list[str] = []
        self.visited: list[str] = []
        self._threads: list[threading.Thread] = []

    @Slot(QUrl)
    def open(self, url: QUrl) -> None:
        """See QDesktopServices.setUrlHandler."""
        thread = threading.Thread(target=self._visit, args=(url.toString(QUrl.ComponentFormattingOption.FullyEncoded),))
        self._threads.append(thread)
        thread.start()

    def _visit(self, address: str) -> None:
        asked = dict(parse_qsl(urlsplit(address).query))
        page = address.partition("?")[0]
        requests.get(address, timeout=20).raise_for_status()
        answer = requests.post(page, asked | {"username": "larkmoor_care"}, timeout=20)
        self.visited.append(answer.url)
        code = re.search(r'<code id="code">([^<]+)</code>', answer.text)
        if code is not None:
            self.codes.append(code[1])

    def close(self) -> None:
        """Wait until it is idle."""
        for thread in self._threads:
            thread.join(20)


@pytest.fixture
def browser() -> Iterator[Browser]:
    """What opens web addresses on this desktop."""
    found = Browser()
    QDesktopServices.setUrlHandler("http", found, "open")  # type: ignore[arg-type]
    yield found
    QDesktopServices.unsetUrlHandler("http")
    found.close()


async def sign_in(world: World, network: PracticeNetwork) -> ChannelSheet:
    world.bench.actions.run("desk.channel")
    sheet: ChannelSheet = await world.dialog(ChannelSheet)
    sheet.kind.setCurrentIndex(sheet.kind.findData("mastodon"))
    sheet.form.entries["name"].put("Shop")
    sheet.form.entries["server"].put(network.base_url)
    sheet._browser.click()
    return sheet


async def kept(world: World, sheet: ChannelSheet) -> None:
    """The token is in the form; test and keep the channel, which then runs."""
    await world.until(lambda: sheet.form.values()["secret"], "signed in")
    assert "Signed in" in plain(sheet._result.text())
    sheet._save.click()
    desk = world.desk
    await world.until(lambda: any(h.condition is Condition.LIVE for h in desk.supervisor.health.values()), "live")
    (config,) = await desk.store.channels.list()
    assert config.secret.startswith("keyring:")
    # Without a keychain it lives for this run only, and the page says so.
    assert not desk.secrets.is_lasting(config.secret)
    page = world.window.widget("page.settings")
    assert isinstance(page, SettingsPage)
    await world.until(lambda: [tile for tile in page.channels.tiles.values() if tile._kept.text()], "what is kept")


def test_the_browser_comes_back(practice: PracticeNetwork, profile: Path, browser: Browser) -> None:
    async def steps(world: World) -> None:
        await kept(world, await sign_in(world, practice))
        assert urlsplit(browser.visited[0]).hostname == "127.0.0.1"

    run(profile, None, steps)
    assert practice.tokens["agent"].encode() not in (profile / "desk.sqlite3").read_bytes()


def test_a_code_is_typed(
    practice: PracticeNetwork, profile: Path, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    from workstation.net import oauth

    def no_port(*_: object, **__: object) -> object:
        raise OSError("no port can be had")

    monkeypatch.setattr(oauth, "receiver", no_port)

    async def steps(world: World) -> None:
        sheet = await sign_in(world, practice)
        dialog = await world.dialog(QInputDialog)
        await world.until(lambda: browser.codes, "the code")
        dialog.setTextValue(browser.codes[0])
        dialog.accept()
        await kept(world, sheet)

    run(profile, None, steps)
