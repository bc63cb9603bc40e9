"""Channels: add, list, test, remove."""

from typing import TYPE_CHECKING

from workstation.connectors.base import Opened
from workstation.domain.channels import ChannelConfig, Condition, FieldKind, Manifest
from workstation.domain.errors import AuthExpiredError, ConfigurationError
from workstation.domain.text import N_, LazyText, lazy
from workstation.services.commands.errors import NameTakenError, NoChannelError
from workstation.services.commands.requests import AddChannel, EnableKind, Output
from workstation.services.desk import Desk

if TYPE_CHECKING:
    from collections.abc import Sequence

OWN_FIELDS = frozenset({"server", "user", "secret"})
"""Fields that every channel has; the rest are its kind's settings."""
LONGEST_NAME = 60
SHARED = N_(
    "“{name}” and “{other}” both read their secret from {variable} whenever they start. If their secrets differ,"
    " remove one and add it again with a variable of its own."
)

CONDITIONS = {
    Condition.STARTING: N_("starting"),
    Condition.LIVE: N_("live"),
    Condition.CATCHING_UP: N_("catching up"),
    Condition.POLLING: N_("polling"),
    Condition.WAITING: N_("waiting"),
    Condition.STOPPED: N_("stopped"),
    Condition.SIGN_IN: N_("sign-in needed"),
}


async def named(desk: Desk, name: str) -> ChannelConfig:
    """The channel of that name; NoChannelError."""
    channels = await desk.store.channels.list()
    found = next((channel for channel in channels if channel.name.casefold() == name.casefold()), None)
    if found is None:
        raise NoChannelError(name=name)
    return found


def check(config: ChannelConfig, manifest: Manifest) -> None:
    """Refuse fields that the kind does not have, and missing ones; ConfigurationError names the field."""
    if not config.name.strip() or len(config.name) > LONGEST_NAME or not config.name.isprintable():
        raise ConfigurationError(field="name", why=lazy(N_("it needs 1 to 60 printable characters")))
    known = {field.name: field for field in manifest.fields}
    for name in config.settings:
        if name not in known or name in OWN_FIELDS:
            raise ConfigurationError(field=name, why=lazy(N_("this kind of channel has no such field")))
    given = config.settings | {"server": config.server, "user": config.user, "secret": config.secret}
    for field in manifest.fields:
        value = given.get(field.name, "")
        if field.required and not value:
            raise ConfigurationError(field=field.name, why=lazy(N_("it is required")))
        if value and field.kind is FieldKind.CHOICE and value not in {choice for choice, _ in field.choices}:
            raise ConfigurationError(field=field.name, why=lazy(N_("it is none of the choices")))
        if value and field.kind is FieldKind.NUMBER and not value.isdecimal():
            raise ConfigurationError(field=field.name, why=lazy(N_("it is not a number")))


async def add(desk: Desk, request: AddChannel, output: Output) -> int:
    """Add a channel and, where channels run, run it."""
    config = ChannelConfig(
        id=0,
        kind=request.kind,
        name=request.name.strip(),
        server=request.server.strip(),
        user=request.user.strip(),
        secret=request.secret,
        settings=request.settings,
        practice=desk.practice,
    )
    check(config, desk.registry.manifest(request.kind))
    channels = await desk.store.channels.list()
    if any(channel.name.casefold() == config.name.casefold() for channel in channels):
        raise NameTakenError(name=config.name)
    # The connector knows best what is wrong with an address; nothing is sent by creating a channel.
    await desk.registry.connector(config.kind).create(config, "-", desk.client).close()
    await desk.store.channels.add(config)
    stored = await named(desk, config.name)
    if request.lent:
        desk.secrets.lend(request.secret, request.lent, stored.id)
    if desk.started:
        desk.supervisor.run(stored)
    await output.say(lazy(N_("Channel “{name}” was added. “channels test {name}” tries it."), name=stored.name))
    await tell_shared(desk, stored, output)
    return 0


async def tell_shared(desk: Desk, config: ChannelConfig, output: Output) -> None:
    """Tell of another channel that reads its secret from the same variable: at the next start both get the same."""
    for other in await desk.store.channels.list():
        if other.id != config.id and other.secret == config.secret and config.secret.startswith("env:"):
            variable = config.secret.removeprefix("env:")
            await output.say(lazy(SHARED, name=config.name, other=other.name, variable=variable))
            return


async def listed(desk: Desk, output: Output) -> int:
    """A line per channel: name, kind, server, user, where its secret is, how it fares if it runs."""
    for channel in await desk.store.channels.list():
        health = desk.supervisor.health.get(channel.id)
        said = health.condition.value if health else ("-" if channel.enabled else "off")
        line = "\t".join((channel.name, channel.kind, channel.server, channel.user or "-", channel.secret or "-", said))
        await output.data(line + "\n")
    return 0


async def remove(desk: Desk, name: str, output: Output) -> int:
    """Forget a channel; what it brought stays."""
    config = await named(desk, name)
    await desk.supervisor.stop(config.id)
    await desk.store.channels.remove(config.id)
    await desk.secrets.forget(config.secret, config.id)
    await output.say(lazy(N_("Channel “{name}” was removed. Its messages are kept."), name=config.name))
    return 0


async def enable_kind(desk: Desk, request: EnableKind, output: Output) -> int:
    """Remember whether an installed package's kind of channel is trusted; what is enabled can be used at once."""
    from workstation.connectors.registry import enable, installed

    enabled = set(desk.settings.now.extensions)
    if request.on and request.name not in installed():
        raise ConfigurationError(field=request.name, why=lazy(N_("no installed package offers it")))
    if request.on and request.name not in enabled and enable(desk.registry, (request.name,)):
        raise ConfigurationError(field=request.name, why=lazy(N_("the package that offers it cannot be loaded")))
    wanted = enabled | {request.name} if request.on else enabled - {request.name}
    desk.settings.change(extensions=tuple(sorted(wanted)))
    if request.on:
        await output.say(
            lazy(N_("“{name}” is enabled: its package runs with all that Meridian may do."), name=request.name)
        )
    else:
        await output.say(lazy(N_("“{name}” is disabled from the next start on."), name=request.name))
    return 0


async def test(desk: Desk, name: str, output: Output) -> int:
    """Sign in and tell as whom, to what, and what is not possible there."""
    config = await named(desk, name)
    secret = await desk.secrets.read(config.secret, config.id) if config.secret else ""
    try:
        opened = await desk.supervisor.test(config, secret)
    except AuthExpiredError:
        await tell_shared(desk, config, output)
        raise
    for line in _told(config, opened):
        await output.say(line)
    return 0


def _told(config: ChannelConfig, opened: Opened) -> "Sequence[LazyText]":
    can = opened.capabilities
    account = opened.account
    lines = [
        lazy(N_("Channel “{name}” works."), name=config.name),
        lazy(N_("Signed in as {handle} ({name})"), handle=account.handle, name=account.name or account.handle),
        lazy(N_("Server: {server}"), server=can.server or config.server),
        lazy(N_("Reads: {sources}"), sources=", ".join(opened.sources)),
        lazy(N_("Live by: {transport}"), transport=", ".join(can.transport) or "-"),
        lazy(N_("Protection against sending twice: {how}"), how=can.idempotency.value),
        lazy(N_("Longest text: {limit} {unit}"), limit=can.length_limit, unit=can.length_unit.value),
    ]
    available = ", ".join(offer.act.value for offer in can.offers if offer.available)
    lines.append(lazy(N_("Actions: {actions}"), actions=available or "-"))
    lines += [
        lazy(N_("Not available: {action} ({why})"), action=offer.act.value, why=offer.reason or "-")
        for offer in can.offers
        if not offer.available
    ]
    return lines
