"""People on the command line, with a practice network that tells the same posts again."""

import io
import json
import sys
from pathlib import Path

import pytest

from tests.app.conftest import Meridian
from tests.app.test_owner import Memory, owner
from tests.practice_network import PracticeNetwork
from workstation.services.commands.carry_out import carry_out
from workstation.services.commands.requests import AddChannel, Collect, ErasePerson, FindPeople
from workstation.services.profile import Profile

MARK = "parcelmarker"


@pytest.fixture
def customer(account: PracticeNetwork, meridian: Meridian) -> str:
    """Somebody who wrote, was answered, and is known here; their handle."""
    posted = account.post(f"Where is my {MARK}?")
    assert meridian("collect", "--seconds", "1.5").code == 0
    assert meridian("reply", posted["id"], "--text", f"your {MARK} is on its way", "--wait").code == 0
    found = meridian("people", "find", posted["account"]["acct"].partition("@")[0])
    assert found.code == 0, found.err
    (line,) = found.out.splitlines()
    return line.split("\t")[1]


def profile_bytes(tmp_path: Path) -> bytes:
    """Everything in the profile and beside it."""
    return b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())


def test_erased_and_not_brought_back(
    account: PracticeNetwork, meridian: Meridian, customer: str, tmp_path: Path
) -> None:
    for kind in ("csv", "jsonl"):
        out = tmp_path / f"all.{kind}"
        assert meridian("export", "messages", "--format", kind, "--output", str(out)).code == 0
    exported = tmp_path / "person.jsonl"
    assert meridian("people", "export", customer, "--output", str(exported)).code == 0
    assert MARK in exported.read_text()
    erased = meridian("people", "erase", customer, "--yes")
    assert erased.code == 0, erased.err
    assert "Erased:" in erased.out
    for mark in (MARK, customer, customer.partition("@")[0]):
        assert mark.encode() not in profile_bytes(tmp_path), mark
    assert not exported.exists()
    # The same account once more: a new channel reads everything from its beginning.
    assert meridian("channels", "remove", "m").code == 0
    added = meridian(
        "channels", "add", "mastodon", "--name", "n", "--server", account.base_url, "--secret-env", "TOKEN"
    )
    assert added.code == 0, added.err
    again = meridian("collect", "--seconds", "1.5")
    assert again.code == 0, again.err
    assert "erased" in again.out
    for mark in (MARK, customer, customer.partition("@")[0]):
        assert mark.encode() not in profile_bytes(tmp_path), mark
    assert meridian("people", "find", customer).code == 1


def test_asked_first(
    account: PracticeNetwork, meridian: Meridian, customer: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("no\n"))
    refused = meridian("people", "erase", customer, "--also", MARK)
    assert refused.code == 1
    assert f"Type {customer} to erase" in refused.out
    assert "Messages of the person" in refused.out
    assert "Nothing was erased." in refused.err
    monkeypatch.setattr(sys, "stdin", io.StringIO(f"{customer}\n"))
    assert meridian("people", "erase", customer).code == 0
    nobody = meridian("people", "erase", "someone", "--yes")
    assert nobody.code == 1
    assert nobody.err.count("\n") == 1


def test_exported_as_lines_or_as_one_object(account: PracticeNetwork, meridian: Meridian, customer: str) -> None:
    lines = [json.loads(line) for line in meridian("people", "export", customer).out.splitlines()]
    assert {line["type"] for line in lines} >= {"account", "message", "case", "event"}
    whole = json.loads(meridian("people", "export", customer, "--format", "json").out)
    assert whole["account"][0]["handle"] == customer
    assert sum(map(len, whole.values())) == len(lines)
    assert [row["own"] for row in whole["message"]].count(True) == 1


async def test_the_running_owner_does_it(tmp_path: Path, practice: PracticeNetwork) -> None:
    place = Profile(tmp_path / "owned")
    place.prepare()
    posted = practice.post(f"Where is my {MARK}?")
    async with owner(place) as desk:
        add = AddChannel(
            kind="mastodon", name="m", server=practice.base_url, secret="env:NOT_HERE", lent=practice.tokens["agent"]
        )
        assert await carry_out(place, add, Memory()) == 0
        assert await carry_out(place, Collect(seconds=1.5), Memory()) == 0
        found = Memory()
        assert await carry_out(place, FindPeople(text=posted["account"]["acct"]), found) == 0
        handle = "".join(found.lines).split("\t")[1]
        shown = Memory()
        assert await carry_out(place, ErasePerson(who=handle), shown) == 0
        assert shown.lines == [handle + "\n"]
        assert await carry_out(place, ErasePerson(who=handle, sure=True), Memory()) == 0
        assert not (await desk.store.search.find(MARK)).entries
        assert await carry_out(place, FindPeople(text=handle), Memory()) == 1
        # Still open: the bytes have gone all the same.
        assert MARK.encode() not in profile_bytes(place.root)
