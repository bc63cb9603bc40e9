"""Providers of translations: which there are, which one is in force, whether it answers."""

from workstation.domain.channels import FieldKind
from workstation.domain.errors import ConfigurationError
from workstation.domain.providers import ProviderConfig
from workstation.domain.text import N_, lazy, lazy_plural
from workstation.providers.base import NotConfiguredError
from workstation.services.commands.requests import EnableTranslator, Output, UseTranslator
from workstation.services.desk import Desk

OWN_FIELDS = frozenset({"server", "secret"})


async def listed(desk: Desk, output: Output) -> int:
    """A line per kind: name, title, fields; then which is in force, and what installed packages offer."""
    from workstation.providers.registry import installed

    translating = desk.translating
    for manifest in translating.manifests():
        fields = " ".join(f"{field.name}*" if field.required else field.name for field in manifest.fields)
        await output.data(f"{manifest.kind}\t{manifest.title}\t{fields}\n")
    for name in installed():
        if name not in desk.settings.now.translators:
            await output.say(
                lazy(N_("{name}: offered by an installed package; “translators enable {name}” trusts it"), name=name)
            )
    status = await translating.status()
    if status.problem is not None:
        await output.say(status.problem)
    elif status.configured:
        await output.say(lazy(N_("In use: {name} at {host}."), name=status.title, host=status.host))
    else:
        await output.say(lazy(N_("No translation provider is set up. No text is sent to any.")))
    return 0


async def use(desk: Desk, request: UseTranslator, output: Output) -> int:
    """Put a provider in force, or none (an empty kind)."""
    if not request.kind:
        await desk.translating.remove()
        await output.say(lazy(N_("No translation provider is set up. No text is sent to any.")))
        return 0
    config = ProviderConfig(request.kind, request.server, request.secret, request.settings)
    manifest = desk.translating.registry.manifest(request.kind)
    given = config.settings | {"server": config.server, "secret": config.secret}
    known = {field.name: field for field in manifest.fields}
    for name in config.settings:
        if name not in known or name in OWN_FIELDS:
            raise ConfigurationError(field=name, why=lazy(N_("this kind of provider has no such field")))
    for field in manifest.fields:
        value = given.get(field.name, "")
        if field.required and not value and not field.default:
            raise ConfigurationError(field=field.name, why=lazy(N_("it is required")))
        if value and field.kind is FieldKind.NUMBER and not value.isdecimal():
            raise ConfigurationError(field=field.name, why=lazy(N_("it is not a number")))
    if request.lent:
        desk.secrets.lend(request.secret, request.lent)
    await desk.translating.configure(config)
    await output.say(lazy(N_("{name} translates from now on. “translators test” tries it."), name=manifest.title))
    return 0


async def test(desk: Desk, output: Output) -> int:
    """Ask the provider in force whether it answers, and what is used of its quota; no text is sent."""
    translating = desk.translating
    if not translating.configured:
        raise NotConfiguredError
    config = desk.settings.now.translator
    spent = await translating.spent(ask=True)
    languages = await translating.check(config)
    if languages:
        await output.say(lazy_plural("It translates into {count} language.", "It translates into {count} languages.",
                                     len(languages)))  # fmt: skip
    else:
        await output.say(lazy(N_("It answers.")))
    usage = spent.provider
    if usage.known:
        await output.say(lazy(N_("{used} of {limit} characters are used."), used=usage.used, limit=max(usage.limit, 0)))
    await output.say(lazy(N_("{count} characters were sent to it from here this month."), count=spent.characters))
    return 0


async def enable(desk: Desk, request: EnableTranslator, output: Output) -> int:
    """Remember whether an installed package's kind of provider is trusted; what is enabled can be used at once."""
    from workstation.providers.registry import enable as load
    from workstation.providers.registry import installed

    enabled = set(desk.settings.now.translators)
    if request.on and request.name not in installed():
        raise ConfigurationError(field=request.name, why=lazy(N_("no installed package offers it")))
    if request.on and request.name not in enabled and load(desk.translating.registry, (request.name,)):
        raise ConfigurationError(field=request.name, why=lazy(N_("the package that offers it cannot be loaded")))
    wanted = enabled | {request.name} if request.on else enabled - {request.name}
    desk.settings.change(translators=tuple(sorted(wanted)))
    if request.on:
        await output.say(
            lazy(N_("“{name}” is enabled: its package runs with all that Meridian may do."), name=request.name)
        )
    else:
        await output.say(lazy(N_("“{name}” is disabled from the next start on."), name=request.name))
    return 0
