"""Decides where a request is carried out: here if the profile is free, else by the Meridian that has it open."""

import asyncio

from workstation.domain.text import N_, lazy
from workstation.services import logs
from workstation.services.commands.requests import AnyRequest, Collect, Output
from workstation.services.desk import open_desk
from workstation.services.handover import OwnerSilentError, Service, hand_over
from workstation.services.profile import Lock, Profile

PATIENCE = 30.0
"""Seconds to wait for an owner that takes no commands, such as another short command."""
EVERY = 0.2


async def carry_out(profile: Profile, request: AnyRequest, output: Output, patience: float = PATIENCE) -> int:
    """The exit code. OwnerSilentError if the profile stayed in use by somebody who does not answer."""
    profile.prepare()
    lock = Lock(profile)
    told = False
    for _ in range(max(1, round(patience / EVERY))):
        if lock.acquire():
            handler = logs.start(profile)
            try:
                return await _here(profile, request, output)
            finally:
                logs.stop(handler)
                lock.release()
        try:
            return await hand_over(profile, request, output)
        except OwnerSilentError:
            if not told:
                told = True
                await output.say(lazy(N_("Waiting: this profile is in use by another Meridian.")))
            await asyncio.sleep(EVERY)
    raise OwnerSilentError


async def _here(profile: Profile, request: AnyRequest, output: Output) -> int:
    from workstation.services.commands.run import run

    async with open_desk(profile) as desk:
        if not isinstance(request, Collect):
            return await run(desk, request, output)
        # Collecting may take hours: meanwhile other commands are served.
        service = Service(profile, lambda other, to: run(desk, other, to))
        await service.start()
        try:
            return await run(desk, request, output)
        finally:
            await service.close()
