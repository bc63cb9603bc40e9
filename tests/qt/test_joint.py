"""The joint of Qt and asyncio, on a real loop of both."""

import asyncio
import os
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import QBuffer, QObject
from PySide6.QtGui import QColor, QImage
from pytestqt.qtbot import QtBot

from workstation.qt.imaging import Decoder, decode
from workstation.qt.throttle import Throttle

ROOT = Path(__file__).resolve().parents[2]


def on_loop(body: str, timeout: float = 30) -> subprocess.CompletedProcess[str]:
    """Run `body` as the main coroutine of a program of its own: one loop of Qt and asyncio per process."""
    indented = "\n".join(f"    {line}" for line in body.strip().splitlines())
    code = (
        "import asyncio\nfrom PySide6.QtCore import QObject, QTimer\nfrom PySide6.QtWidgets import *\n"
        "from tests.settling import settled\n"
        "from workstation.qt import dialogs, loop\nfrom workstation.qt.tasks import Tasks\n"
        f"async def main(faults):\n{indented}\n    return 0\n"
        "raise SystemExit(loop.run(main, ['x']))\n"
    )
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "PYTHONPATH": str(ROOT)}
    return subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=False, timeout=timeout
    )


def test_the_result_is_the_exit_code() -> None:
    assert on_loop("return 7").returncode == 7


def test_threads_sockets_and_timers_work() -> None:
    done = on_loop(
        """
assert await asyncio.to_thread(lambda: 5) == 5
server = await asyncio.start_server(lambda r, w: (w.write(b"hi"), w.close()), "127.0.0.1", 0)
reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
assert await reader.read() == b"hi"
writer.close()
server.close()
"""
    )
    assert done.returncode == 0, done.stderr


def test_errors_of_slots_and_of_futures_are_reported() -> None:
    done = on_loop(
        """
seen = asyncio.Queue()
faults.notify = seen.put_nowait
def fail():
    raise KeyError("slot")
QTimer.singleShot(0, fail)
asyncio.get_running_loop().call_soon(lambda: [][1])
print(sorted([type(await seen.get()).__name__, type(await seen.get()).__name__]))
"""
    )
    assert done.stdout.strip() == "['IndexError', 'KeyError']", done.stderr


def test_tasks_die_with_their_owner_and_report_errors() -> None:
    done = on_loop(
        """
seen = asyncio.Queue()
owner = QObject()
tasks = Tasks(owner, lambda name, error: seen.put_nowait((name, type(error).__name__)))
async def fail():
    raise ValueError
tasks.spawn(fail(), "one")
waiting = tasks.spawn(asyncio.Event().wait(), "two")
first = tasks.latest(asyncio.Event().wait(), "newest")
second = tasks.latest(asyncio.Event().wait(), "newest")
await asyncio.wait([first])
assert first.cancelled() and not second.done()
owner.deleteLater()
await asyncio.wait([waiting, second])
assert waiting.cancelled() and second.cancelled()
print([await seen.get()], seen.empty())
"""
    )
    assert done.stdout.strip() == "[('one', 'ValueError')] True", done.stderr


def test_dialogs_are_awaited_without_a_loop_of_their_own() -> None:
    done = on_loop(
        """
window = QWidget()
window.show()
box = lambda: window.findChild(QMessageBox)
shown = lambda kind: [dialog for dialog in window.findChildren(kind) if dialog.isVisible()]
asking = asyncio.ensure_future(dialogs.ask(window, "Sure?", "Really", "Yes", "No", danger=True))
await settled(lambda: box() and box().isVisible())
assert box().defaultButton().text() == "No"
box().buttons()[0].click()
yes = await asking
asking = asyncio.ensure_future(dialogs.choose(window, "Which?", "", ("A", "B", "None")))
await settled(lambda: shown(QMessageBox))
shown(QMessageBox)[0].reject()
none = await asking
text = asyncio.ensure_future(dialogs.ask_text(window, "Name", "Name", "x"))
await settled(lambda: shown(QInputDialog))
shown(QInputDialog)[0].accept()
said = await text
called_off = asyncio.ensure_future(dialogs.ask_text(window, "Name", "Name"))
await settled(lambda: shown(QInputDialog))
called_off.cancel()
await asyncio.gather(called_off, return_exceptions=True)
print(yes, none, said, shown(QInputDialog))
window.close()
"""
    )
    assert done.stdout.strip() == "True 2 x []", done.stderr


def test_the_last_window_ends_the_wait() -> None:
    done = on_loop(
        """
window = QWidget()
window.show()
QTimer.singleShot(50, window.close)
await loop.until_quit(QApplication.instance())
print("over")
"""
    )
    assert done.stdout.strip() == "over", done.stderr


def test_a_throttle_runs_at_once_and_once_more(qtbot: QtBot) -> None:
    owner, runs = QObject(), []
    throttle = Throttle(owner, 20, lambda: runs.append(1))
    for _ in range(5):
        throttle.request()
    assert len(runs) == 1
    qtbot.waitUntil(lambda: len(runs) == 2)
    throttle.later()
    throttle.flush()
    assert len(runs) == 3
    throttle.request()
    throttle.cancel()
    owner.deleteLater()


def png(width: int, height: int) -> bytes:
    """A picture."""
    image = QImage(width, height, QImage.Format.Format_RGB32)
    image.fill(QColor("teal"))
    buffer = QBuffer()
    buffer.open(QBuffer.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")  # type: ignore[call-overload]
    return bytes(buffer.data().data())


def test_pictures_are_made_to_fit() -> None:
    small = QImage.fromData(decode(png(400, 200), 100, 100))
    assert (small.width(), small.height()) == (100, 50)
    kept = QImage.fromData(decode(png(10, 20), 100, 100))
    assert (kept.width(), kept.height()) == (10, 20)


@pytest.mark.parametrize(
    "data", [b"", b"GIF89a", b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"\x89PNG\r\n\x1a\n" * 9]
)
def test_what_is_no_picture_is_refused(data: bytes) -> None:
    with pytest.raises(ValueError, match="picture"):
        decode(data, 64, 64)


def test_a_bomb_is_refused() -> None:
    head = png(2, 2)
    bomb = head[:16] + (60_000).to_bytes(4, "big") * 2 + head[24:]
    with pytest.raises(ValueError, match=r"pixels|picture"):
        decode(bomb, 64, 64)


async def test_the_decoder_works_in_another_process() -> None:
    decoder = Decoder()
    assert QImage.fromData(await decoder(png(64, 64), 32, 32)).width() == 32
    with pytest.raises(ValueError, match="ValueError"):
        await decoder(b"nonsense", 32, 32)
    await asyncio.sleep(0)
    await decoder.close()
