"""The network as a process of its own: it says when it is ready, and never outlives who started it."""

import asyncio
import multiprocessing
import sys
import threading
from collections.abc import Callable
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from typing import Any

import msgspec

from workstation.practice.options import Options, Watch, parse
from workstation.practice.server import running

READY_SECONDS = 30.0


def main(argv: list[str] | None = None) -> int:
    """Serve until the watched stream or parent is gone; prints one line of JSON when ready."""
    options, watch = parse(sys.argv[1:] if argv is None else argv)

    def ready(description: dict[str, Any]) -> None:
        sys.stdout.write(msgspec.json.encode(description).decode() + "\n")
        sys.stdout.flush()

    try:
        serve(options, ready, watch)
    except OSError as error:
        sys.stderr.write(f"practice: cannot serve: {error}\n")
        return 1
    except KeyboardInterrupt:
        return 0
    return 0


def serve(options: Options, ready: Callable[[dict[str, Any]], None], watch: Watch = "stdin") -> None:
    """Serve in this process and thread until `watch` ends it."""
    asyncio.run(_serve(options, ready, watch))


def launch(options: Options) -> tuple[BaseProcess, dict[str, Any]]:
    """Start a network in a process of its own by multiprocessing (for frozen builds); return it and its description.

    Raises RuntimeError if it does not become ready.
    """
    context = multiprocessing.get_context("spawn")
    here, there = context.Pipe(duplex=False)
    process = context.Process(target=_child, args=(options, there), name="practice network", daemon=True)
    process.start()
    there.close()
    try:
        if not here.poll(READY_SECONDS):
            raise RuntimeError("the practice network did not become ready")
        return process, here.recv()
    except (EOFError, RuntimeError) as error:
        process.terminate()
        raise RuntimeError("the practice network did not start") from error
    finally:
        here.close()


def _child(options: Options, pipe: "Connection[Any, Any]") -> None:
    serve(options, pipe.send, "parent")


async def _serve(options: Options, ready: Callable[[dict[str, Any]], None], watch: Watch) -> None:
    over = asyncio.Event()
    loop = asyncio.get_running_loop()
    watcher = {"stdin": _await_stdin, "parent": _await_parent}.get(watch)
    async with running(options) as practice:
        ready(practice.description())
        if watcher is not None:
            threading.Thread(target=_watch, args=(watcher, loop, over), daemon=True, name="practice watch").start()
        await over.wait()


def _watch(watcher: Callable[[], None], loop: asyncio.AbstractEventLoop, over: asyncio.Event) -> None:
    watcher()
    try:
        loop.call_soon_threadsafe(over.set)
    except RuntimeError:  # the loop has ended by itself meanwhile
        return


def _await_stdin() -> None:
    """Return when the other end of standard input is closed: also when who held it has died."""
    while sys.stdin is not None and sys.stdin.buffer.readline(4096):
        continue


def _await_parent() -> None:
    """Return when the process that spawned this one has ended, on every platform."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        wait([parent.sentinel])
