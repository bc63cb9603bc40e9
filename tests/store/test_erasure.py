"""Erasing reaches every place a text is in, down to the bytes of the files, and stays erased."""

from pathlib import Path
from typing import TYPE_CHECKING

from tests.empty import empty
from tests.store.conftest import Clock
from tests.store.factories import NOW, OWN, batch, mention, message
from workstation.domain.actions import AddNote
from workstation.domain.channels import ChannelConfig
from workstation.domain.drafts import Draft
from workstation.domain.messages import Batch
from workstation.domain.outbox import Act, Operation, State
from workstation.store.store import Store

if TYPE_CHECKING:
    from workstation.domain.changes import ChangeSet

MARK = "zyzzyvamarker"


def _bytes(folder: Path) -> bytes:
    return b"".join(file.read_bytes() for file in sorted(folder.iterdir()))


async def test_nothing_of_an_erased_message_remains(tmp_path: Path, clock: Clock) -> None:
    published: list[ChangeSet] = []
    folder = tmp_path / "profile"
    folder.mkdir()
    store = await Store.open(empty(folder / "desk.sqlite3"), published.append, clock=clock)
    acme = await store.channels.add(ChannelConfig(0, "mastodon", "Acme"))
    await store.messages.accept(acme, batch(message("other", "stays")))
    case = (await store.messages.accept(acme, batch(mention("1", f"{MARK} first")))).cases[0]
    await store.messages.accept(acme, batch(mention("1", f"{MARK} second", edited_at=NOW + 1)))
    await store.cases.execute(AddNote(operation="n", case=case.id, text=f"{MARK} noted"))
    await store.drafts.save(case.id, Draft(f"{MARK} drafted"))
    await store.outbox.put(acme.id, Operation("op", Act.REPLY, "1", text=f"{MARK} sent"), case=case.id, message=2)
    row = await store.outbox.claim_next(NOW, {acme.id})
    assert row is not None
    await store.outbox.settle(row.id, State.SENT, remote_id="2", author=OWN)
    assert len((await store.search.find(MARK)).entries) == 2
    ids = [entry.message.id for entry in await store.messages.thread(case=case.id)]
    changes = await store.messages.erase(ids)
    assert changes.removed == tuple(ids)
    assert changes.reload
    assert not (await store.search.find(MARK)).entries
    assert await store.cases.get(case.id) is None
    assert await store.drafts.load(case.id) is None
    await store.messages.accept(acme, batch(mention("1", f"{MARK} brought back"), message("new")))
    assert not (await store.search.find(MARK)).entries
    rows = await store.messages.ledger(acme.id)
    assert all(not each.missing for each in rows)
    newest = await store.messages.by_remote(acme.id, "new")
    assert newest is not None
    assert newest.message.id > max(ids)
    await store.close()
    assert MARK.encode() not in _bytes(folder)


async def test_erasing_one_of_several_moves_the_face(store: Store, acme: ChannelConfig) -> None:
    changes = await store.messages.accept(
        acme, Batch("mentions", (mention("1", created_at=NOW), mention("2", reply_to="1", created_at=NOW + 1)))
    )
    case = changes.cases[0]
    latest = changes.faces[0].message
    assert latest.remote_id == "2"
    await store.messages.erase([latest.id])
    face = await store.cases.face(case.id)
    assert face is not None
    assert face.message.remote_id == "1"
    await store.messages.erase([])
