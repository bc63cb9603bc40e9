"""What holds for every test: no screen, loopback only, the user's own folders untouched, nothing left running."""

import asyncio
import gc
import os
import sys
import tempfile
import threading
import time
import weakref
from collections.abc import AsyncIterator, Iterator
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import hypothesis
import pytest

ROOT = Path(__file__).resolve().parent.parent
FIXTURES = ROOT.parent / "shared" / "fixtures"
GRACE_SECONDS = 20.0
"""For a thread that is about to end: only one that does not is waited for so long."""
FULL_COLLECTION_EVERY = 40
"""Tests; a full one visits every object there is, the others those that the test made."""

# Before anything imports Qt, keyring or platformdirs.
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
if sys.platform == "linux" and os.environ.get("LC_ALL") in ("C", "POSIX"):
    os.environ["LC_ALL"] = "C.UTF-8"  # Qt warns of any other, and a warning is a failure
os.environ.setdefault("PYTHON_KEYRING_BACKEND", "keyring.backends.fail.Keyring")
_HOME = tempfile.TemporaryDirectory(prefix="meridian-tests-")
for _name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_RUNTIME_DIR"):
    _folder = Path(_HOME.name, _name.lower())
    _folder.mkdir(mode=0o700)
    os.environ[_name] = str(_folder)

hypothesis.settings.register_profile(
    "ci", deadline=None, derandomize=True, print_blob=True, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.register_profile("dev", deadline=None)
hypothesis.settings.register_profile("thorough", deadline=None, max_examples=2_000)
hypothesis.settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "dev"))


class OutsideNetworkError(RuntimeError):
    """A test tried to leave this machine."""


_attempts: list[str] = []
_finished: list[None] = []
_elder_timers: "weakref.WeakSet[Any]" = weakref.WeakSet()
"""Those that outlived the test which made them."""


def _is_loopback(host: object) -> bool:
    if isinstance(host, bytes):
        host = host.decode("ascii", "replace")
    if not isinstance(host, str):
        return host is None
    if host.lower() in ("", "localhost") or host.lower().endswith(".localhost"):
        return True
    try:
        return ip_address(host.partition("%")[0]).is_loopback
    except ValueError:
        return False


def _guard(event: str, arguments: tuple[Any, ...]) -> None:
    """Audit hook: refuse to resolve or reach any host but this one. Unix sockets have no host and pass."""
    if event in ("socket.getaddrinfo", "socket.gethostbyname"):
        host = arguments[0]
    elif event in ("socket.connect", "socket.sendto", "socket.sendmsg") and isinstance(arguments[1], tuple):
        host = arguments[1][0]
    else:
        return
    if not _is_loopback(host):
        _attempts.append(f"{event} {host!r}")
        raise OutsideNetworkError(f"{event}: tests reach loopback only, not {host!r}")


sys.addaudithook(_guard)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip what needs recorded traffic where there is none; watch the tasks of tests that are coroutines."""
    absent = pytest.mark.skip(reason=f"no recorded traffic at {FIXTURES.parent.name}/{FIXTURES.name}")
    for item in items:
        if item.get_closest_marker("needs_fixtures") and not FIXTURES.is_dir():
            item.add_marker(absent)
        if isinstance(item, pytest.Function) and asyncio.iscoroutinefunction(item.obj):
            item.fixturenames.insert(0, "_no_stray_tasks")
            item.fixturenames.insert(item.fixturenames.index("_no_stray_threads") + 1, "_no_idle_threads")


@pytest.fixture(scope="session")
def fixtures_dir() -> Path:
    """The folder of recorded traffic, for tests marked `needs_fixtures`."""
    return FIXTURES


@pytest.fixture
def profile(tmp_path: Path) -> Path:
    """An empty folder for the profile of one desk."""
    folder = tmp_path / "profile"
    folder.mkdir()
    return folder


@pytest.fixture(autouse=True)
def _no_outside_network() -> Iterator[None]:
    """Fail a test that tried to leave the machine, even where the code under test swallowed the refusal."""
    _attempts.clear()
    yield
    if _attempts:
        pytest.fail(f"tried to leave this machine: {', '.join(_attempts)}")


def _threads() -> set[threading.Thread]:
    """Threads of Python that are somebody's: not those Qt brought in, nor the watch on the test's own time."""
    return {
        thread
        for thread in threading.enumerate()
        if not isinstance(thread, threading._DummyThread) and not thread.name.startswith("pytest_timeout")
    }


@pytest.fixture(autouse=True)
def _no_stray_threads() -> Iterator[None]:
    """Fail a test that leaves a thread behind; one that is about to end gets a moment."""
    before = _threads()
    yield
    end = time.monotonic() + GRACE_SECONDS
    for thread in _threads() - before:
        thread.join(max(0.0, end - time.monotonic()))
    stray = [thread.name for thread in _threads() - before if thread.is_alive()]
    if stray:
        pytest.fail(f"threads left behind: {', '.join(stray)}")


@pytest.fixture
async def _no_idle_threads() -> AsyncIterator[None]:
    """End the loop's own threads before threads are counted; the loop itself is closed after that."""
    yield
    await asyncio.get_running_loop().shutdown_default_executor()


@pytest.fixture
async def _no_stray_tasks() -> AsyncIterator[None]:
    """Fail a test whose tasks outlive it and its fixtures; a cancelled one gets a few turns of the loop to end."""
    own = asyncio.current_task()
    before = asyncio.all_tasks()
    yield
    for _ in range(10):
        await asyncio.sleep(0)
    stray = [task.get_name() for task in asyncio.all_tasks() - before - {own, asyncio.current_task()}]
    if stray:
        pytest.fail(f"tasks left behind: {', '.join(stray)}")


@pytest.fixture(autouse=True)
def _collect_on_the_main_thread() -> Iterator[None]:
    """Collect cycles here and between tests only: a Qt object that a store's thread destroys ends the process."""
    gc.disable()
    if not _finished:
        gc.freeze()  # what all tests share was imported with them
    yield
    _finished.append(None)
    _delete_what_is_to_go()
    if len(_finished) % FULL_COLLECTION_EVERY == 0:
        gc.unfreeze()
    gc.collect()
    gc.disable()
    _elder_timers.update(_timers())
    # Windows collect often, and all of it: what is there for good took more time than all that they do.
    gc.freeze()


def _delete_what_is_to_go() -> None:
    """Delete what Qt deletes in its next loop: a test may have none, and a change of theme dresses all there is."""
    if (core := sys.modules.get("PySide6.QtCore")) is not None and core.QCoreApplication.instance() is not None:
        core.QCoreApplication.sendPostedEvents(None, core.QEvent.Type.DeferredDelete.value)


def _timers() -> list[Any]:
    """Qt's timers among what is not frozen."""
    if (core := sys.modules.get("PySide6.QtCore")) is None:
        return []
    return [thing for thing in gc.get_objects() if issubclass(type(thing), core.QTimer)]


@pytest.fixture(autouse=True)
def _no_stray_timers_or_windows(request: pytest.FixtureRequest) -> Iterator[None]:
    """Fail a test with a window that leaves a timer running or a window open."""
    if not {"qtbot", "qapp"} & set(request.fixturenames):
        yield
        return
    from PySide6.QtWidgets import QApplication

    def running() -> dict[int, Any]:
        return {id(timer): timer for timer in (*_timers(), *_elder_timers) if _is_active(timer)}

    def shown() -> set[Any]:
        return {window for window in QApplication.topLevelWidgets() if window.isVisible()}

    timers, windows = running(), shown()
    yield
    stray = [timer.objectName() or repr(timer) for key, timer in running().items() if key not in timers]
    stray += [f"{type(window).__name__} {window.objectName()}" for window in shown() - windows]
    if stray:
        pytest.fail(f"timers or windows left behind: {', '.join(stray)}")


def _is_active(timer: Any) -> bool:
    try:
        return bool(timer.isActive())
    except RuntimeError:  # its C++ half is gone
        return False
