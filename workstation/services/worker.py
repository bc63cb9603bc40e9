"""A worker process for work that strangers' data can make slow or deadly: it is given a time, then it is ended."""

import asyncio
import contextlib
import multiprocessing
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from multiprocessing.connection import Connection
    from multiprocessing.process import BaseProcess


class WorkerDiedError(Exception):
    """The worker crashed on its work, or took too long and was ended."""


def _serve(pipe: "Connection[Any, Any]") -> None:
    # Ends with an EOFError when the desk is gone, however it went.
    with contextlib.suppress(EOFError, KeyboardInterrupt):
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
        self._process: BaseProcess | None = None
        self._pipe: Connection[Any, Any] | None = None
        self._closed = False

    async def call(self, function: Callable[..., Any], *arguments: Any) -> Any:
        """`function(*arguments)`, computed there; both must be picklable. ValueError: it failed; WorkerDiedError."""
        async with self._turn:
            if self._closed:
                raise WorkerDiedError
            done, answer = await asyncio.to_thread(self._ask, function, arguments)
        if not done:
            raise ValueError(answer)
        return answer

    async def close(self) -> None:
        """End the process."""
        self._closed = True
        async with self._turn:
            await asyncio.to_thread(self._end)

    def _ask(self, function: Callable[..., Any], arguments: tuple[Any, ...]) -> tuple[bool, Any]:
        pipe = self._pipe or self._start()
        try:
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
        ours, theirs = context.Pipe()
        self._process = context.Process(target=_serve, args=(theirs,), name="worker", daemon=True)
        self._process.start()
        theirs.close()
        self._pipe = ours
        return ours

    def _end(self) -> None:
        pipe, self._pipe = self._pipe, None
        process, self._process = self._process, None
        if pipe is not None:
            pipe.close()
        if process is not None:
            process.kill()
            process.join()
            process.close()
