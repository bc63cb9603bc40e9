"""A worker process for work that strangers' data can make slow or deadly: it is given a time, then it is ended."""

import asyncio
import contextlib
import multiprocessing
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from multiprocessing.connection import Connection
    from multiprocessing.process import BaseProcess


STARTING = 60.0
"""Seconds for the process to begin, which is not its work's time: machines are slow when all of it begins."""


class WorkerDiedError(Exception):
    """The worker crashed on its work, or took too long and was ended."""


def _serve(pipe: "Connection[Any, Any]") -> None:
    # Ends with an error of its pipe when the desk is gone, however it went.
    with contextlib.suppress(EOFError, BrokenPipeError, KeyboardInterrupt):
        pipe.send(None)  # it is there
        while True:
            function, arguments = pipe.recv()
            try:
                answer = (True, function(*arguments))
            except Exception as error:  # noqa: BLE001 - the desk decides what it means
                answer = (False, type(error).__name__)
            pipe.send(answer)


class Worker:
    """One process, started with its first work and again after a death. Work is done one by one."""

    def __init__(self, seconds: float = 5.0) -> None:
        self._seconds = seconds
        self._turn = asyncio.Lock()
        """Held for as long as a thread talks to the process, also where nobody waits for that any more."""
        self._process: BaseProcess | None = None
        self._pipe: Connection[Any, Any] | None = None
        self._closed = False
        self._life = threading.Lock()
        """Held while the process begins or ends."""

    async def call(self, function: Callable[..., Any], *arguments: Any) -> Any:
        """`function(*arguments)`, computed there; both must be picklable. ValueError: it failed; WorkerDiedError."""
        await self._turn.acquire()
        # Whoever asked may be cancelled and go: the answer still comes, and it must not be taken for the next one's.
        work = asyncio.get_running_loop().run_in_executor(None, self._ask, function, arguments)
        work.add_done_callback(self._answered)
        done, answer = await asyncio.shield(work)
        if not done:
            raise ValueError(answer)
        return answer

    def _answered(self, work: "asyncio.Future[tuple[bool, Any]]") -> None:
        self._turn.release()
        if not work.cancelled():
            work.exception()  # seen here: whoever asked may have gone, and a closed worker's end is no news

    async def close(self) -> None:
        """End the process, whatever it works at."""
        self._closed = True
        await asyncio.to_thread(self._kill)
        async with self._turn:
            await asyncio.to_thread(self._end)

    def _ask(self, function: Callable[..., Any], arguments: tuple[Any, ...]) -> tuple[bool, Any]:
        try:
            pipe = self._pipe or self._start()
            pipe.send((function, arguments))
            if pipe.poll(self._seconds):
                answer: tuple[bool, Any] = pipe.recv()
                return answer
        except (EOFError, OSError):
            pass
        self._end()
        raise WorkerDiedError

    def _start(self) -> "Connection[Any, Any]":
        context = multiprocessing.get_context("spawn")
        with self._life:
            if self._closed:
                raise WorkerDiedError
            ours, theirs = context.Pipe()
            process = context.Process(target=_serve, args=(theirs,), name="worker", daemon=True)
            process.start()
            theirs.close()
            self._process, self._pipe = process, ours
        if not ours.poll(STARTING):
            raise EOFError
        ours.recv()
        return ours

    def _kill(self) -> None:
        with self._life:
            if self._process is not None:
                self._process.kill()

    def _end(self) -> None:
        self._kill()
        with self._life:
            pipe, self._pipe = self._pipe, None
            process, self._process = self._process, None
        if pipe is not None:
            pipe.close()
        if process is not None:
            process.join()
            process.close()
