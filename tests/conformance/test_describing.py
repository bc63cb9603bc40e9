"""What a connector says of itself: its form, what it can do as a rule, and what an account can do."""

import asyncio
from importlib import import_module

from tests.conformance.conftest import World
from tests.conformance.kit import Kit
from workstation.connectors.registry import built_in
from workstation.domain.channels import Capabilities, FieldKind
from workstation.services.commands.channels import check


def test_the_manifest_is_complete(kit_type: type[Kit]) -> None:
    manifest = kit_type().connector().manifest
    assert manifest.kind == kit_type.kind
    assert manifest.title
    assert manifest.summary
    assert manifest.network
    assert len(manifest.badge) == 1
    assert manifest.colour.startswith("#")
    assert len({field.name for field in manifest.fields}) == len(manifest.fields)
    for field in manifest.fields:
        assert field.label
        assert (field.kind is FieldKind.CHOICE) == bool(field.choices)
        if field.choices and field.default:
            assert field.default in {name for name, _ in field.choices}


def test_what_it_can_do_as_a_rule_is_said(kit_type: type[Kit]) -> None:
    if kit_type.kind not in {manifest.kind for manifest in built_in().manifests()}:
        return
    typical = import_module(f"workstation.connectors.{kit_type.kind}.manifest").typical()
    assert isinstance(typical, Capabilities)
    _sound(typical)
    assert typical.transport


async def test_what_an_account_can_do_is_sound(world: World) -> None:
    desk = await world.desk()
    check(desk.config, world.kit.connector().manifest)
    await desk.until_read()
    opened = desk.supervisor.opened(desk.config.id)
    assert opened is not None
    assert opened.account.handle
    assert opened.sources
    _sound(opened.capabilities)


def _sound(can: Capabilities) -> None:
    acts = [offer.act for offer in can.offers]
    assert len(set(acts)) == len(acts)
    for offer in can.offers:
        assert offer.label
        assert offer.available or offer.reason is not None
        assert offer.undone_by is None or offer.undone_by in acts
        assert offer.on in {"message", "account", "report"}


async def test_closing_leaves_nothing_running(world: World) -> None:
    before = set(asyncio.all_tasks())
    desk = await world.desk()
    await desk.until_read()
    await desk.close()
    left = {task for task in asyncio.all_tasks() - before if not task.done() and not _of_the_wire(task)}
    assert not left
    world._desks.clear()


def _of_the_wire(task: "asyncio.Task[object]") -> bool:
    return (
        "Wire" in repr(task) or "_Connection" in repr(task) or "double" in repr(task).lower() or "aiohttp" in repr(task)
    )
