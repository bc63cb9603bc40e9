"""One sitting at the practice desk in a process of its own: works a case, or finds it again; prints what is there.

Its arguments: the profile's folder, and "work", "find" or "afresh".
"""

import asyncio
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.request import Request, urlopen

from tests.settling import settled
from tests.waiting import told
from workstation.app.opening import Shift, no_words
from workstation.app.practice import owned, practise, practising
from workstation.domain.actions import ChangeTags
from workstation.domain.cases import Entry, Outcome
from workstation.domain.filters import parse
from workstation.qt import loop
from workstation.qt.application import application
from workstation.services.actions import claim, operation
from workstation.services.desk import Desk
from workstation.services.profile import Profile
from workstation.views.case.commands import resolve
from workstation.views.leaving import Question
from workstation.views.workbench import Workbench

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication

ANSWER = "Parcel 48151623 is on its way."
PATIENCE = 60.0


async def on_network(desk: Desk, path: str) -> Any:
    """Ask the network itself, past the desk's connector."""
    config = desk.supervisor.configs()[0]
    token = await desk.secrets.read(config.secret)

    def ask() -> Any:
        request = Request(config.server + path, headers={"Authorization": f"Bearer {token}"})  # noqa: S310 - loopback
        with urlopen(request, timeout=60) as answer:  # noqa: S310 - loopback
            return json.load(answer)

    return await asyncio.to_thread(ask)


async def work(desk: Desk) -> None:
    """Claim, tag, answer and resolve the case that waits longest."""

    async def waiting() -> tuple[Entry, ...]:
        return (await desk.store.messages.page(parse("kind:mention is:unanswered"), queue=True)).entries

    entry = (await told(desk.feed.subscribe, waiting, "somebody waits", PATIENCE))[0]
    assert entry.case is not None
    await settled(lambda: desk.supervisor.opened(entry.message.channel), "signed in", PATIENCE)
    await desk.actions.execute(claim(entry.case), entry.case)
    await desk.actions.execute(ChangeTags(operation=operation(), case=entry.case.id, add=("delivery",)))
    reply = desk.drafting.operation(entry.message, ANSWER)
    row = await desk.outbox.queue(reply, entry.message.channel, entry.case.id, entry.message.id, undo=False)
    await desk.outbox.settled(row.operation.id)
    case = await desk.store.cases.get(entry.case.id)
    assert case is not None
    await desk.actions.execute(resolve(case, Outcome.ANSWERED), case)


async def report(desk: Desk) -> dict[str, Any]:
    """What the desk and the network remember of it."""
    channels = await desk.store.channels.list()
    await settled(lambda: len(desk.supervisor.health) == len(channels), "channels run", PATIENCE)
    await settled(lambda: desk.supervisor.opened(channels[0].id), "signed in", PATIENCE)
    account = await on_network(desk, "/api/v1/accounts/verify_credentials")
    statuses = await on_network(desk, f"/api/v1/accounts/{account['id']}/statuses?limit=40")
    page = await desk.store.messages.page(parse("tag:delivery is:solved"), queue=False)
    cases = {entry.case.id for entry in page.entries if entry.case is not None}
    thread = await desk.conversation.thread(cases.pop()) if cases else ()
    return {
        "channels": [config.name for config in channels],
        "solved": len({entry.message.case for entry in page.entries}),
        "answers": [entry.message.text for entry in thread if entry.message.own],
        "on_network": sum("48151623" in status["content"] for status in statuses),
    }


async def sitting(app: "QApplication", profile: Profile, deed: str, faults: loop.Faults) -> None:
    """Sit down, do it, tell, leave."""
    async with owned(profile), practising(app, profile, "en", faults, 0.5) as (bench, desk):
        if deed == "work":
            await work(desk)
        print(json.dumps(await report(desk)), flush=True)  # noqa: T201 - read by the test
        bench.window.let_go()


async def afresh(app: "QApplication", profile: Profile, faults: loop.Faults) -> None:
    """Ask for a fresh start through the window's own action, then close what comes."""
    practice = asyncio.ensure_future(practise(app, profile, "en", Shift(), faults, no_words))
    bench = await settled(lambda: ready(app, practice), "the desk", PATIENCE)
    bench.actions.run("desk.afresh")
    question = await settled(lambda: bench.window.findChild(Question), "the question", PATIENCE)
    question._pressed("afresh")
    following = await settled(lambda: ready(app, practice, bench), "a fresh desk", PATIENCE)
    print(json.dumps(await report(following.desk)), flush=True)  # noqa: T201 - read by the test
    following.window.let_go()
    await practice


def ready(app: "QApplication", practice: "asyncio.Future[int]", old: Workbench | None = None) -> Workbench | None:
    """The workbench of the window that is open, once its channels run."""
    if practice.done():
        practice.result()
    for window in app.topLevelWidgets():
        for bench in window.findChildren(Workbench) if window.isVisible() else ():
            if bench is not old and bench.desk.started and bench.desk.supervisor.health:
                return bench
    return None


def main() -> int:
    """Run one sitting."""
    profile, deed = Profile(Path(sys.argv[1])), sys.argv[2]

    async def run(faults: loop.Faults) -> int:
        app = application([])
        await (afresh(app, profile, faults) if deed == "afresh" else sitting(app, profile, deed, faults))
        return 0

    return loop.run(run, [])


if __name__ == "__main__":
    sys.exit(main())
