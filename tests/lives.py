"""Processes that are there to be killed: each a copy of an interpreter that has imported what it runs.

Importing takes longer than most of these lives. Where a system cannot copy a process, and where it is asked for, each
begins anew; either way it shares nothing with the process of the tests but the pipe that it talks through.
"""

import multiprocessing
import traceback
from collections.abc import Callable, Iterator
from multiprocessing.connection import Connection
from typing import Concatenate, ParamSpec

P = ParamSpec("P")
Say = Callable[[str], None]

MODULES = [
    *("tests.kills.victim", "tests.kills.trainee", "tests.kills.answerer", "tests.store.killed", "tests.store.trainee"),
    # What a desk imports only when it is needed, and every one of these lives needs.
    *("aiohttp", "selectolax.lexbor", "workstation.connectors.mastodon.channel", "workstation.connectors.registry"),
    *("workstation.net.client", "workstation.net.transport", "workstation.services.template_files"),
]
COPIES = "forkserver" in multiprocessing.get_all_start_methods()


class Life:
    """`work(say, *arguments)` in a process of its own, begun at once."""

    def __init__(self, work: Callable[Concatenate[Say, P], None], *arguments: P.args, **named: P.kwargs) -> None:
        self._begin("forkserver" if COPIES else "spawn", work, arguments, named)

    @classmethod
    def anew(cls, work: Callable[Concatenate[Say, P], None], *arguments: P.args, **named: P.kwargs) -> "Life":
        """In a new interpreter, everywhere."""
        life = cls.__new__(cls)
        life._begin("spawn", work, arguments, named)
        return life

    def _begin(self, method: str, work: object, arguments: object, named: object) -> None:
        context = multiprocessing.get_context(method)
        if method == "forkserver":
            context.set_forkserver_preload(MODULES)
        self._hears, says = context.Pipe(duplex=False)
        # A daemon ends with the tests whatever they forget.
        self._process = context.Process(target=_live, args=(says, work, arguments, named), daemon=True)  # type: ignore[attr-defined]
        self._process.start()
        says.close()

    def listen(self) -> Iterator[str]:
        """What it says, until its end; a fault of its own is raised here."""
        while True:
            try:
                said, fault = self._hears.recv()
            except EOFError:
                return
            if fault:
                raise AssertionError(f"a life went wrong:\n{fault}")
            yield said

    def kill(self) -> None:
        """SIGKILL where there is one; nothing if it is over."""
        self._process.kill()

    def end(self) -> bool:
        """Wait for its end; whether it was killed."""
        self._process.join()
        killed: bool = self._process.exitcode != 0
        self._process.close()
        self._hears.close()
        return killed


def _live(says: Connection, work: Callable[..., None], arguments: tuple[object, ...], named: dict[str, object]) -> None:
    try:
        work(lambda line: says.send((line, "")), *arguments, **named)
    except BaseException:
        says.send(("", traceback.format_exc()))
        raise
