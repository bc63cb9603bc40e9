"""One loop for Qt and asyncio, its start and its clean end."""

import asyncio
import logging
import os
import signal
import sys
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from types import TracebackType
from typing import Any

from PySide6.QtCore import QMessageLogContext, QObject, QTimer, QtMsgType, qInstallMessageHandler
from PySide6.QtWidgets import QApplication

from workstation.qt.application import application
from workstation.qt.collector import Collector

log = logging.getLogger(__name__)

SWITCH = 0.001
"""Seconds that another thread keeps the interpreter's lock at most: input waits that long for the store's writer."""

Notify = Callable[[BaseException], None]


class Faults:
    """Where errors go that nobody caught: the log, and the window's notices once there is a window."""

    def __init__(self) -> None:
        self.notify: Notify | None = None

    def report(self, error: BaseException) -> None:
        """Log an error and show it."""
        log.error("uncaught", extra={"error": type(error).__name__}, exc_info=error)
        if self.notify is not None:
            try:
                self.notify(error)
            except Exception as second:
                log.exception("notice failed", extra={"error": type(second).__name__})

    def hook(self, kind: type[BaseException], error: BaseException, _: TracebackType | None) -> None:
        """For sys.excepthook: PySide6 brings errors of slots and event handlers here."""
        if issubclass(kind, KeyboardInterrupt):
            QApplication.quit()
        else:
            self.report(error)

    def loop_handler(self, _: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        """For asyncio: errors of callbacks and of futures that nobody awaited."""
        error = context.get("exception")
        if isinstance(error, Exception):
            self.report(error)
        else:
            log.warning("loop", extra={"what": str(context.get("message", ""))[:120]})


def _qt_said(kind: QtMsgType, _: QMessageLogContext, text: str) -> None:
    """For Qt's messages: its own words about itself, never a person's, and never on a command line's output."""
    level = logging.WARNING if kind in (QtMsgType.QtCriticalMsg, QtMsgType.QtFatalMsg) else logging.INFO
    log.log(level, "qt", extra={"what": text[:120]})


def run(main: Callable[[Faults], Coroutine[Any, Any, int]], argv: list[str] | None = None) -> int:
    """Run `main` on a loop that serves Qt too; its result is the exit code.

    Closing the last window ends nothing by itself: `main` waits for it (see `until_quit`) and then closes what it
    opened, while the loop still runs.
    """
    app = application(argv if argv is not None else sys.argv)
    app.setQuitOnLastWindowClosed(False)  # also of one that was there before
    os.environ.setdefault("QT_API", "pyside6")
    import qasync

    loop = qasync.QEventLoop(app)
    faults = Faults()
    before, said_before = sys.excepthook, qInstallMessageHandler(_qt_said)
    sys.excepthook = faults.hook
    asyncio.set_event_loop(loop)
    loop.set_exception_handler(faults.loop_handler)
    # qasync's own executor starts ten QThreads; plain threads that start when needed are enough.
    executor = ThreadPoolExecutor(max_workers=4, thread_name_prefix="desk")
    loop.set_default_executor(executor)
    waker = _wake_for_signals(app)
    collector = Collector(app)
    collector.start()
    switching = sys.getswitchinterval()
    sys.setswitchinterval(SWITCH)
    try:
        return int(loop.run_until_complete(_guarded(main, faults)))
    finally:
        sys.setswitchinterval(switching)
        waker.stop()
        _end(loop, executor)
        collector.stop()
        collector.deleteLater()
        sys.excepthook = before
        qInstallMessageHandler(said_before)


async def _guarded(main: Callable[[Faults], Coroutine[Any, Any, int]], faults: Faults) -> int:
    task = asyncio.ensure_future(main(faults))

    def interrupt(*_: object) -> None:
        task.get_loop().call_soon_threadsafe(task.cancel)

    previous = signal.signal(signal.SIGINT, interrupt)
    try:
        return await task
    except asyncio.CancelledError:
        return 130
    finally:
        signal.signal(signal.SIGINT, previous)


def _wake_for_signals(owner: QObject) -> QTimer:
    """Python runs signal handlers only between its own instructions: give it some while Qt is waiting."""
    timer = QTimer(owner)
    timer.timeout.connect(lambda: None)
    timer.start(500)
    return timer


def _end(loop: Any, executor: ThreadPoolExecutor) -> None:
    left = [task for task in asyncio.all_tasks(loop) if not task.done()]
    for task in left:
        log.warning("task outlived the run", extra={"task": task.get_name()})
        task.cancel()
    if left:
        loop.run_until_complete(asyncio.wait(left, timeout=2))
    executor.shutdown(wait=False, cancel_futures=True)
    loop.close()
    asyncio.set_event_loop(None)


async def until_quit(app: QApplication) -> None:
    """Wait until the last window is closed or the application is asked to quit."""
    done: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def finish() -> None:
        if not done.done():
            done.set_result(None)

    app.lastWindowClosed.connect(finish)
    try:
        await done
    finally:
        app.lastWindowClosed.disconnect(finish)
