"""Reads in, while nobody waits for it, what opening something for the first time would have to read.

A thread imports the modules of pages and dialogs some seconds after the start, one by one, each after a moment in which
hardly anything came: a module is read in one go, and whoever wants Python's lock meanwhile waits for it. What is large
and not for everybody (the plots of the live figures) is no part of it: memory counts too.
"""

import asyncio
from collections.abc import Callable
from importlib import import_module

AFTER, BETWEEN = 4.0, 0.25
"""Seconds after the window is whole, and between two modules."""
QUIET = 10
"""Messages between two modules that are few enough."""

MODULES = (
    "workstation.views.case.template_picker",
    "workstation.views.case.pickers",
    "workstation.views.case.meanwhile",
    "workstation.views.palette.dialog",
    "workstation.views.bulk.answer_sheet",
    "workstation.views.bulk.answers",
    "workstation.views.help",
    "workstation.views.settings.page",
    "workstation.views.templates.page",
    "workstation.views.templates.library_desk",
    "workstation.views.knowledge.keeping",
    "workstation.views.posting.page",
    "workstation.views.posting.writer",
    "workstation.views.posting.calendar",
    "workstation.views.rules.page",
    "workstation.views.approval.page",
    "workstation.views.privacy.page",
    "workstation.views.practice.page",
    "workstation.views.kpi.page",
)


async def warm_up(received: Callable[[], int], between: float = BETWEEN) -> None:
    """Import what will be opened, whenever hardly anything is received: `received` counts it."""
    await asyncio.sleep(AFTER)
    for module in MODULES:
        before = received()
        await asyncio.sleep(between)
        while received() - before > QUIET:
            before = received()
            await asyncio.sleep(between)
        await asyncio.to_thread(import_module, module)
