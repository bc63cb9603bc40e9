"""The watch over every test does bite: each of these tests is wrong, and each has to fail."""

import re
from pathlib import Path

import pytest

pytest_plugins = ["pytester"]

WRONG = """
import asyncio
import contextlib
import socket
import threading

kept = []


def test_reaching_out():
    socket.create_connection(("192.0.2.1", 9), timeout=1)


def test_reaching_out_and_hiding_it():
    with contextlib.suppress(Exception):
        socket.getaddrinfo("example.org", 443)


def test_leaving_a_thread():
    kept.append(threading.Event())
    threading.Thread(target=kept[-1].wait, daemon=True).start()


async def test_leaving_a_task():
    kept.append(asyncio.create_task(asyncio.Event().wait()))


def test_leaving_a_timer(qtbot):
    from PySide6.QtCore import QTimer

    timer = QTimer()
    timer.start(10_000)
    kept.append(timer)
"""
RIGHT = """
import asyncio
import socket
import threading


def test_loopback():
    with socket.create_server(("127.0.0.1", 0)) as server, socket.create_connection(server.getsockname()):
        pass


def test_a_thread_that_ends():
    threading.Thread(target=lambda: None).start()


async def test_a_task_that_is_cancelled():
    asyncio.create_task(asyncio.Event().wait()).cancel()


def test_folders(profile, tmp_path):
    assert profile.is_dir() and not any(profile.iterdir())
"""


def test_the_watch_bites(pytester: pytest.Pytester) -> None:
    root = Path(__file__).resolve().parent
    conftest = (root / "conftest.py").read_text(encoding="utf-8")
    pytester.makeconftest(conftest.replace("GRACE_SECONDS = 20.0", "GRACE_SECONDS = 0.2"))
    pytester.makeini("[pytest]\nasyncio_mode = auto\nmarkers = needs_fixtures\n")
    pytester.makepyfile(test_wrong=WRONG, test_right=RIGHT)
    outcome = pytester.runpytest_subprocess("-q", "-p", "no:randomly")
    text = outcome.stdout.str()
    failed = text.partition("short test summary")[2]
    assert [name for name in re.findall(r"def (test_\w+)", WRONG) if f"test_wrong.py::{name}" not in failed] == []
    assert "test_right.py::" not in failed
