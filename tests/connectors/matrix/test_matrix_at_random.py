"""Whatever people do, and wherever the desk is killed: in the end it knows what the server knows."""

import random
from typing import Any

import msgspec
import pytest

from tests.conformance.doubles.matrix import ANNA, BEN, OWN, ROOM, Room
from tests.connectors.matrix.conftest import Double, Opening
from tests.connectors.matrix.test_matrix_reading import Watch
from workstation.domain.messages import Batch, Cursor, IncomingMessage, Mark


class Known:
    """What a store makes of batches."""

    def __init__(self) -> None:
        self.messages: dict[str, IncomingMessage] = {}
        self.gone: set[str] = set()
        self.cursors: dict[str, Cursor] = {}

    def take(self, batch: Batch) -> None:
        """Store one, as the store does."""
        for message in batch.messages:
            before = self.messages.get(message.remote_id)
            if before is not None and message.edited_at < before.edited_at:
                continue
            marks = {*message.marks, *(before.marks if before is not None and batch.live else ())}
            self.messages[message.remote_id] = message
            self.marked(message.remote_id, marks)
        self.gone |= {deletion.remote_id for deletion in batch.deletions}
        if batch.cursor is not None:
            self.cursors[batch.source] = batch.cursor

    def marked(self, remote_id: str, marks: set[Mark]) -> None:
        """Remember marks."""
        self.messages[remote_id] = msgspec.structs.replace(self.messages[remote_id], marks=tuple(sorted(marks)))


class People:
    """They write, edit, take back and react at random."""

    def __init__(self, server: Double, rng: random.Random) -> None:
        self._server, self._rng = server, rng
        self._room: Room = server.rooms[ROOM]
        self._said: list[tuple[str, str]] = []
        self._edits: list[tuple[str, str]] = []
        self._likes: list[str] = []

    def do(self) -> None:
        """One thing."""
        rng = self._rng
        way = rng.random()
        if way < 0.6 or not self._said:
            sender = rng.choice([ANNA, BEN, OWN])
            content = {"msgtype": "m.text", "body": f"{rng.random()}"}
            self._said.append((self._server.put(self._room, sender, "m.room.message", content), sender))
            return
        event, sender = rng.choice(self._said)
        if way < 0.75:
            self._edit(event, rng.choice([sender, sender, BEN]))
        elif way < 0.85:
            self._server._empty(self._room, event, sender)
        elif way < 0.9 and self._edits:
            self._server._empty(self._room, *rng.choice(self._edits))
        elif way < 0.96:
            relation = {"rel_type": "m.annotation", "event_id": event, "key": rng.choice("👍👎")}
            who = rng.choice([OWN, ANNA])
            made = self._server.put(self._room, who, "m.reaction", {"m.relates_to": relation})
            if who == OWN and relation["key"] == "👍":
                self._likes.append(made)
        elif self._likes:
            self._server._empty(self._room, self._likes.pop(), OWN)

    def _edit(self, event: str, sender: str) -> None:
        new = {"msgtype": "m.text", "body": f"edited {self._rng.random()}"}
        relation = {"rel_type": "m.replace", "event_id": event}
        content = {**new, "m.new_content": new, "m.relates_to": relation}
        self._edits.append((self._server.put(self._room, sender, "m.room.message", content), sender))


def _expected(room: Room) -> tuple[dict[str, str], set[str]]:
    """Texts of what is there, and what was taken back of it."""
    texts: dict[str, str] = {}
    gone: set[str] = set()
    for _, event in room.events:
        content: dict[str, Any] = event["content"]
        if event["type"] != "m.room.message" or content.get("m.relates_to"):
            continue
        number = event["event_id"]
        if not content:
            gone.add(number)
            continue
        edits = [each for each in room.edits.get(number, ()) if each["content"] and each["sender"] == event["sender"]]
        texts[number] = edits[-1]["content"]["m.new_content"]["body"] if edits else content["body"]
    return texts, gone


def _liked(room: Room) -> set[str]:
    return {
        event["content"]["m.relates_to"]["event_id"]
        for _, event in room.events
        if event["type"] == "m.reaction" and event["sender"] == OWN and event["content"]
        and event["content"]["m.relates_to"]["key"] == "👍"
    }  # fmt: skip


@pytest.mark.parametrize("seed", range(12))
async def test_in_the_end_the_desk_knows_what_the_server_knows(server: Double, opened: Opening, seed: int) -> None:
    rng = random.Random(seed)
    server.room(ROOM, ANNA, BEN)
    people, known = People(server, rng), Known()
    async with Watch(await opened(server.base)) as watch:
        await watch.live()
    for batch in watch.batches:
        known.take(batch)
    channel = await opened(server.base)
    for turn in range(8):
        for _ in range(rng.choice([3, 20, 90, 260])):
            people.do()
        last = turn == 7
        if rng.random() < 0.4:
            channel = await opened(server.base)  # nothing is remembered but the cursor
        async with Watch(channel, known.cursors) as watch:
            await watch.live()
            for _ in range(rng.choice([0, 3])):
                people.do()
                await server.told()
            if last:
                end = await server.write("the end")
                await watch.until(lambda watch=watch, end=end: end in watch.ids())  # type: ignore[misc]
        # The desk is killed somewhere: what came after that was never stored.
        kept = len(watch.batches) if last else rng.randrange(len(watch.batches) + 1)
        for batch in watch.batches[:kept]:
            known.take(batch)
    texts, gone = _expected(server.rooms[ROOM])
    shown = {number: message.text for number, message in known.messages.items() if number not in known.gone}
    assert shown == texts
    assert gone >= known.gone & known.messages.keys()
    liked = {number for number, message in known.messages.items() if Mark.FAVOURITED in message.marks}
    # A message whose edit was taken back counts as edited then; what is told of it as of before is taken for old.
    unedited = {number for number, edits in server.rooms[ROOM].edits.items() if not all(e["content"] for e in edits)}
    aside = known.gone | unedited
    assert liked - aside == (_liked(server.rooms[ROOM]) & texts.keys()) - aside
