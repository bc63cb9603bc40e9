"""The life of a window: what happens while the desk behind it is still starting."""

import asyncio
from pathlib import Path

import pytest

from workstation.app.session import closed
from workstation.qt import loop
from workstation.services.settings import Settings
from workstation.views.main_window import MainWindow

pytestmark = pytest.mark.usefixtures("qapp")


@pytest.mark.parametrize("early", [True, False])
def test_a_window_is_waited_for_only_as_long_as_it_is_there(profile: Path, early: bool) -> None:
    async def main(_faults: loop.Faults) -> int:
        window = MainWindow(Settings(profile / "settings.toml"))
        window.show()
        if not early:
            asyncio.get_running_loop().call_soon(window.close)
        else:
            window.close()
        async with asyncio.timeout(60):
            await closed(window)
        window.deleteLater()
        return 0

    assert loop.run(main, []) == 0
