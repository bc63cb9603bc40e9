"""The configuration of a channel, as people write it."""

import pytest

from workstation.connectors.registry import built_in
from workstation.domain.channels import ChannelConfig, FieldKind, is_on


@pytest.mark.parametrize(
    ("value", "on"),
    [
        ("1", True),
        ("True", True),
        (" YES ", True),
        ("on", True),
        ("", False),
        ("0", False),
        ("no", False),
        ("2", False),
    ],
)
def test_a_flag_as_it_is_typed(value: str, on: bool) -> None:
    assert is_on(value) is on
    assert ChannelConfig(0, "feed", "f", settings={"insecure": value}).is_on("insecure") is on
    assert not ChannelConfig(0, "feed", "f").is_on("insecure")


def test_fields_that_kinds_share_are_the_same_in_each() -> None:
    shared: dict[str, set[tuple[FieldKind, str, bool]]] = {}
    for manifest in built_in().manifests():
        for field in manifest.fields:
            if field.name in {"insecure", "poll_seconds"}:
                shared.setdefault(field.name, set()).add((field.kind, field.label.msgid, field.advanced))
    assert [len(found) for found in shared.values()] == [1, 1]
