"""A desk with a window in a process of its own, which writes down whom it connects to.

``python -m tests.providers.watched PROFILE NETWORK REPORT``: NETWORK is the practice network as JSON. A customer's
message in Japanese is answered from a template by somebody who reads English, and a translation is asked for that
nobody has set up.
"""

import json
import sys
from pathlib import Path
from typing import Any

seen: list[list[Any]] = []
WATCHED = {"socket.connect", "socket.sendto", "socket.sendmsg", "socket.getaddrinfo", "socket.gethostbyname"}


def _watch(event: str, arguments: tuple[Any, ...]) -> None:
    if event in WATCHED:
        address = arguments[0] if event.startswith("socket.get") else arguments[1]
        whole = address if isinstance(address, tuple) else (address, 0)
        seen.append([event, str(whole[0]), whole[1] if isinstance(whole[1], int) else 0])


# Before anything of the desk is imported.
sys.addaudithook(_watch)

from tests.practice_network import PracticeNetwork  # noqa: E402
from tests.views.desk_world import World, run  # noqa: E402
from tests.views.test_flow import take_up  # noqa: E402
from workstation.domain.checks import compare  # noqa: E402
from workstation.domain.outbox import State  # noqa: E402
from workstation.domain.templates import fill  # noqa: E402
from workstation.domain.translation import Pair  # noqa: E402
from workstation.providers.base import NotConfiguredError  # noqa: E402
from workstation.services.commands.requests import Reply  # noqa: E402
from workstation.services.commands.run import run as run_command  # noqa: E402
from workstation.services.translation_jobs import Job  # noqa: E402


class Silent:
    """Nobody reads what the command says."""

    async def data(self, text: str) -> None:
        """Nothing."""

    async def say(self, text: object) -> None:
        """Nothing."""

    async def fail(self, text: object) -> None:
        """Nothing."""


async def _refused(world: World, pair: Pair) -> None:
    translating = world.desk.translating
    for ask in (translating.translate(Job("Hello", pair)), translating.back("Hello", Job("こんにちは", pair.back))):
        try:
            await ask
        except NotConfiguredError:
            continue
        raise AssertionError("translated without a provider")
    assert not (await translating.status()).configured


def main(profile: str, network: str, report: str) -> None:
    """Answer, and write down what was sent and to whom connections were made."""
    written: dict[str, Any] = {}

    async def steps(world: World) -> None:
        await take_up(world)
        entry = world.bench.panel.entry
        assert entry is not None
        family = next(each for each in await world.desk.templates.list() if "ja" in each.languages)
        theirs = world.desk.drafting.apply(family, entry, "ja")
        ours = world.desk.drafting.apply(family, entry, "en")
        assert theirs is not None
        assert ours is not None
        compare(ours.filled.text, theirs.filled.text, pair=Pair("en", "ja"))
        await _refused(world, Pair("en", "ja"))
        world.bench.composer.view.editor.setFocus()
        world.write("Hello, your parcel is on its wya")
        filled = fill(theirs.filled.text, {blank.name: "48151623" for blank in theirs.filled.blanks}).text
        assert await run_command(world.desk, Reply(str(entry.message.id), filled, wait=True), Silent()) == 0
        rows = await world.bench.casebook.outgoing(tuple(State))
        written["sent"] = [row.operation.text for row in rows]

    try:
        run(Path(profile), PracticeNetwork(**json.loads(network)), steps)
    finally:
        written["seen"] = seen
        Path(report).write_text(json.dumps(written), encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:4])
