"""Reading on a homeserver double: nothing lost, nothing twice, everything counted."""

import json
from typing import TYPE_CHECKING

import pytest

from tests.conformance.doubles.matrix import ANNA, BEN, OWN, PASSWORD, ROOM
from tests.connectors.conftest import Watch as AnyWatch
from tests.connectors.matrix.conftest import Double, Opening
from workstation.connectors.matrix.answers import WrongPasswordError
from workstation.connectors.matrix.channel import MatrixChannel
from workstation.connectors.matrix.names import INVITATION
from workstation.domain.channels import Condition
from workstation.domain.errors import AuthExpiredError, ConfigurationError, InvalidError, ProtocolChangedError
from workstation.domain.messages import Cursor, IncomingMessage, Kind, Mark, Visibility
from workstation.domain.outbox import Act

if TYPE_CHECKING:
    from workstation.connectors.base import Opened

SEALED = {"algorithm": "m.megolm.v1.aes-sha2", "ciphertext": "xyz"}


class Watch(AnyWatch):
    """A watch on any channel."""

    def __init__(self, channel: MatrixChannel, cursors: dict[str, Cursor] | None = None) -> None:
        super().__init__(channel, cursors)  # type: ignore[arg-type]

    async def __aenter__(self) -> "Watch":
        await super().__aenter__()
        return self

    @property
    def latest(self) -> dict[str, IncomingMessage]:
        """What was told of each message last."""
        return {message.remote_id: message for message in self.messages()}

    def kept(self) -> list[int]:
        """Which of the batches had a cursor."""
        return [number for number, batch in enumerate(self.batches) if batch.cursor]

    def texts(self) -> list[str]:
        """All texts, in order."""
        return [message.text for message in self.messages()]

    def rejects(self) -> int:
        """How many items could not be read."""
        return sum(len(batch.rejects) for batch in self.batches)


async def test_the_latest_page_then_what_comes(server: Double, opened: Opening) -> None:
    server.room(ROOM, ANNA)
    for number in range(40):
        await server.write(f"old {number}")
    channel = await opened(server.base)
    async with Watch(channel) as watch:
        await watch.live()
        assert watch.texts() == [f"old {number}" for number in range(20, 40)]
        await server.write("new")
        await watch.until(lambda: "new" in watch.texts())
    (found,) = (message for message in watch.messages() if message.text == "new")
    assert (found.kind, found.visibility, found.author.remote_id) == (Kind.DIRECT, Visibility.DIRECT, ANNA)
    assert watch.batches[-1].source == "sync"
    assert watch.batches[-1].cursor is not None


@pytest.mark.parametrize("count", [61, 160, 300, 1_250])
async def test_a_limited_timeline_is_filled_exactly(server: Double, opened: Opening, count: int) -> None:
    server.room(ROOM, ANNA)
    await server.write("before")
    channel = await opened(server.base)
    async with Watch(channel) as watch:
        await watch.live()
    said = [server.put(server.rooms[ROOM], ANNA, "m.room.message", {"msgtype": "m.text", "body": str(number)})
            for number in range(count)]  # fmt: skip
    async with Watch(channel, watch.cursors) as again:
        await again.live()
    assert sorted(again.ids()) == sorted(said)
    assert json.loads(again.cursors["sync"].value)["gaps"] == []


async def test_a_page_that_shows_nothing_is_not_the_last(server: Double, opened: Opening) -> None:
    server.room(ROOM, ANNA)
    channel = await opened(server.base)
    async with Watch(channel) as watch:
        await watch.live()
    said = [server.put(server.rooms[ROOM], ANNA, "m.room.message", {"msgtype": "m.text", "body": str(number)})
            for number in range(600)]  # fmt: skip
    server.unseen = set(said[100:500])
    async with Watch(channel, watch.cursors) as again:
        await again.live()
    assert set(again.ids()) == set(said) - server.unseen


async def test_a_room_that_moved_meanwhile_is_followed_once(server: Double, opened: Opening) -> None:
    server.room(ROOM, ANNA)
    async with Watch(await opened(server.base)) as watch:
        await watch.live()
    await server.invite("!next:double")
    server.invited.clear()
    await server.append("m.room.tombstone", {"replacement_room": "!next:double"}, state_key="")
    async with Watch(await opened(server.base), watch.cursors) as again:
        await again.until(lambda: server.joined == ["!next:double"])
        await again.live()
    server.put(server.rooms["!next:double"], OWN, "m.room.member", {"membership": "leave"}, state_key=OWN)
    async with Watch(await opened(server.base), again.cursors) as last:
        await last.live()
    assert server.joined == ["!next:double"]


async def test_a_gap_is_filled_on_by_the_next_run(server: Double, opened: Opening) -> None:
    server.room(ROOM, ANNA)
    channel = await opened(server.base)
    async with Watch(channel) as watch:
        await watch.live()
    said = {server.put(server.rooms[ROOM], ANNA, "m.room.message", {"msgtype": "m.text", "body": str(number)})
            for number in range(1_000)}  # fmt: skip
    seen: list[str] = []
    cursors = watch.cursors
    for _ in range(40):
        # Each run ends at its next cursor, as if the desk were killed there.
        async with Watch(await opened(server.base), cursors) as part:
            await part.until(lambda part=part: len(part.kept()) > 1)  # type: ignore[misc]
        stored = part.kept()[1]
        seen += [message.remote_id for batch in part.batches[: stored + 1] for message in batch.messages]
        cursors = {"sync": part.batches[stored].cursor}  # type: ignore[dict-item]
        if set(seen) == said:
            break
    assert sorted(seen) == sorted(said)


async def test_what_happened_to_messages(server: Double, opened: Opening) -> None:
    server.room(ROOM, ANNA)
    channel = await opened(server.base)
    async with Watch(channel) as watch:
        await watch.live()
        first = await server.write("helo")
        edit = await server.edit(first, "hello")
        await watch.until(lambda: watch.latest.get(first) and watch.latest[first].text == "hello")
        assert watch.latest[first].edited_at
        await server.edit(first, "forged", BEN)
        await server.redact(edit)
        await watch.until(lambda: watch.latest[first].text == "helo")
        like = await server.append(
            "m.reaction", {"m.relates_to": {"rel_type": "m.annotation", "event_id": first, "key": "👍"}}, OWN
        )
        await watch.until(lambda: Mark.FAVOURITED in watch.latest[first].marks)
        await server.redact(like, OWN)
        await watch.until(lambda: Mark.FAVOURITED not in watch.latest[first].marks)
        await server.redact(first)
        await watch.until(lambda: any(batch.deletions for batch in watch.batches))
    assert "forged" not in watch.texts()
    assert sum(batch.received for batch in watch.batches) == len(server.rooms[ROOM].events)


async def test_an_edit_of_what_was_never_seen(server: Double, opened: Opening) -> None:
    server.room(ROOM, ANNA, BEN)
    old = await server.write("long ago")
    for number in range(30):
        await server.write(f"since {number}")
    channel = await opened(server.base)
    async with Watch(channel) as watch:
        await watch.live()
        created = server.find(server.rooms[ROOM], old)["origin_server_ts"]  # type: ignore[index]
        await server.edit(old, "rewritten")
        await watch.until(lambda: old in watch.ids())
    assert (watch.latest[old].text, watch.latest[old].created_at) == ("rewritten", created * 1_000)


@pytest.mark.parametrize("afresh", [False, True])
async def test_nobodys_rights_reach_into_another_room(server: Double, opened: Opening, afresh: bool) -> None:
    server.room(ROOM, ANNA)
    server.room("!other:double", BEN)
    channel = await opened(server.base)
    async with Watch(channel) as watch:
        await watch.live()
        said = await server.write("mine")
        await watch.until(lambda: said in watch.ids())
    channel = await opened(server.base) if afresh else channel
    async with Watch(channel, watch.cursors) as again:
        await again.live()
        await server.append("m.room.redaction", {}, BEN, "!other:double", redacts=said)
        await server.edit(said, "not mine", ANNA, "!other:double")
        end = await server.write("the end", BEN, "!other:double")
        await again.until(lambda: end in again.ids())
    assert not any(batch.deletions for batch in again.batches)
    assert said not in again.ids()


async def test_sealed_rooms(server: Double, opened: Opening) -> None:
    server.room(ROOM, ANNA)
    await server.append("m.room.encryption", {"algorithm": "m.megolm.v1.aes-sha2"}, state_key="")
    sealed = await server.append("m.room.encrypted", SEALED)
    await server.append("m.room.encrypted", SEALED | {"m.relates_to": {"rel_type": "m.replace", "event_id": sealed}})
    async with Watch(await opened(server.base)) as watch:
        await watch.live()
    assert watch.latest[sealed].marks == (Mark.ENCRYPTED,)
    assert watch.latest[sealed].kind is Kind.DIRECT
    assert len(watch.messages()) == 2


async def test_an_answer_to_something_of_ours_from_long_ago(server: Double, opened: Opening) -> None:
    server.room(ROOM, ANNA, BEN)
    ours = await server.write("we are open", OWN)
    for number in range(30):
        await server.write(f"chat {number}")
    answer = await server.write("thanks", more={"m.relates_to": {"m.in_reply_to": {"event_id": ours}}})
    async with Watch(await opened(server.base)) as watch:
        await watch.live()
    assert watch.latest[answer].kind is Kind.MENTION


@pytest.mark.parametrize("join", ["ask", "always", "ignore"])
async def test_invitations(server: Double, opened: Opening, join: str) -> None:
    await server.invite("!asked:double")
    channel = await opened(server.base, join=join)
    async with Watch(channel) as watch:
        await watch.live()
        if join == "always":
            await watch.until(lambda: server.joined == ["!asked:double"])
            await server.write("are you there?", room="!asked:double")
            await watch.until(lambda: "are you there?" in watch.texts())
    shown = watch.latest.get(INVITATION + "!asked:double")
    assert (shown is None) is (join == "ignore")
    if join == "ask":
        assert shown is not None
        assert (shown.kind, shown.marks, shown.author.remote_id) == (Kind.DIRECT, (Mark.HELD, Mark.INVITED), ANNA)
        assert not server.joined


async def test_an_invitation_that_is_accepted_elsewhere(server: Double, opened: Opening) -> None:
    channel = await opened(server.base)
    async with Watch(channel) as watch:
        await watch.live()
        await server.invite("!asked:double")
        await watch.until(watch.messages)
    async with Watch(await opened(server.base), watch.cursors) as again:
        await again.live()
        await server._join("!asked:double")
        hello = await server.write("hello", room="!asked:double")
        await again.until(lambda: hello in again.ids() and INVITATION + "!asked:double" in again.ids())
    ended = again.latest[INVITATION + "!asked:double"]
    assert ended.marks == (Mark.INVITED,)
    assert ended.branch == again.latest[hello].branch


async def test_a_room_that_moves_is_followed(server: Double, opened: Opening) -> None:
    server.room(ROOM, ANNA)
    await server.invite("!next:double")
    server.invited.clear()
    async with Watch(await opened(server.base)) as watch:
        await watch.live()
        await server.append("m.room.tombstone", {"replacement_room": "!next:double", "body": "moved"}, state_key="")
        await watch.until(lambda: "!next:double" in server.joined)
        await server.write("here we are", room="!next:double")
        await watch.until(lambda: "here we are" in watch.texts())


async def test_a_position_that_the_server_has_forgotten(server: Double, opened: Opening) -> None:
    server.room(ROOM, ANNA)
    channel = await opened(server.base)
    async with Watch(channel) as watch:
        await watch.live()
    await server.write("meanwhile")
    server.forgotten = True
    async with Watch(channel, watch.cursors) as again:
        await again.live()
    assert "meanwhile" in again.texts()
    assert again.health[-1].error is not None


async def test_an_answer_that_is_too_large_is_asked_for_in_pieces(server: Double, opened: Opening) -> None:
    server.room(ROOM, ANNA)
    channel = await opened(server.base)
    async with Watch(channel) as watch:
        await watch.live()
    large = "x" * 1_000_000
    said = [server.put(server.rooms[ROOM], ANNA, "m.room.message", {"msgtype": "m.text", "body": large})
            for _ in range(40)]  # fmt: skip
    async with Watch(channel, watch.cursors) as again:
        await again.until(lambda: set(said) <= set(again.ids()))
        await again.live()
    assert sorted(again.ids()) == sorted(said)


async def test_nonsense_spoils_only_itself(server: Double, opened: Opening) -> None:
    room = server.room(ROOM, ANNA)
    channel = await opened(server.base)
    async with Watch(channel) as watch:
        await watch.live()
        good = await server.write("good")
        junk: tuple[object, ...] = (7, [], {"msgtype": "m.text"}, {"msgtype": "m.text", "body": {}})
        for content in junk:
            server.put(room, ANNA, "m.room.message", content)
        also = await server.write("also good")
        await watch.until(lambda: {good, also} <= set(watch.ids()))
        assert watch.rejects() == 4
        odd = {
            "next_batch": f"s{server._position}",
            "account_data": 3,
            "rooms": {
                "join": {"nonsense": {}, ROOM: {"timeline": 7, "state": []}, "!x:y": []},
                "invite": [],
                "leave": 0,
            },
        }
        server.babble.append(json.dumps(odd).encode())
        await server.told()
        await watch.until(lambda: watch.rejects() == 7)
        last = await server.write("still here")
        await watch.until(lambda: last in watch.ids())


async def test_an_answer_without_a_position_is_none(server: Double, opened: Opening) -> None:
    channel = await opened(server.base)
    async with Watch(channel) as watch:
        await watch.live()
        server.babble.append(b"{}")
        await server.told()
        with pytest.raises(ProtocolChangedError):
            await watch.over()


async def test_titles_and_rights(server: Double, opened: Opening) -> None:
    server.room(ROOM, ANNA, BEN, name="The lobby")
    server.room("!pair:double", ANNA)
    server.room("!ours:double", OWN, BEN, rule="public")
    found = await (await opened(server.base, user="shop", post_room="#news:double")).open()
    assert found.titles[f"room:{ROOM}"] == "The lobby"
    assert found.titles["room:!pair:double"] == "Anna"
    assert found.account.name == "The shop"
    offers = {offer.act.value: offer.available for offer in found.capabilities.offers}
    assert all(offers.values())
    assert found.capabilities.server == "Double/1"


async def test_conversations_of_two_by_the_account(server: Double, opened: Opening) -> None:
    server.room(ROOM, ANNA, BEN)
    server.account_data = [{"type": "m.direct", "content": {ANNA: [ROOM], "odd": 7}}]
    await server.write("hi")
    async with Watch(await opened(server.base)) as watch:
        await watch.live()
    assert [message.kind for message in watch.messages()] == [Kind.DIRECT]


# -- signing in ------------------------------------------------------------------------------------------------------


async def test_a_password(server: Double, opened: Opening) -> None:
    channel = await opened(server.base, PASSWORD, "shop", auth="password")
    server.tokens.clear()
    assert (await channel.open()).account.remote_id == OWN
    with pytest.raises(WrongPasswordError) as caught:
        await opened(server.base, "wrong", "shop", auth="password")
    assert "Invalid username or password" in str(caught.value)


async def test_a_token_that_runs_out_is_renewed_and_kept(server: Double, opened: Opening) -> None:
    server.room(ROOM, ANNA)
    server.refresh_tokens.add("first")
    server.tokens.clear()
    server.lasts = 3_600_000
    kept: list[str] = []

    async def keep(secret: str) -> None:
        kept.append(secret)

    secret = json.dumps({"access_token": "old", "refresh_token": "first"})
    with pytest.raises(AuthExpiredError):
        await opened(server.base, "old")
    channel = await opened(server.base, secret)
    channel.on_renewed(keep)
    server.tokens.clear()
    await channel.open()
    (renewed,) = kept
    assert json.loads(renewed)["access_token"] in server.tokens
    await opened(server.base, renewed)


async def test_somebody_elses_token(server: Double, opened: Opening) -> None:
    with pytest.raises(ConfigurationError) as caught:
        await opened(server.base, user="@anna:double")
    assert OWN in str(caught.value)


async def test_no_homeserver(server: Double, opened: Opening) -> None:
    server.versions = []
    with pytest.raises(ProtocolChangedError) as caught:
        await opened(server.base)
    assert server.base in str(caught.value)


async def test_a_domain_names_its_homeserver(server: Double, opened: Opening) -> None:
    server.room(ROOM, ANNA)
    server.well_known = {"m.homeserver": {"base_url": f"{server.base}/"}}
    await opened(f"{server.base}/elsewhere")


# -- looking again ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("finds", [True, False])
async def test_looking_again(server: Double, opened: Opening, finds: bool) -> None:
    server.finds_events = finds
    server.room("!other:double", BEN)
    server.room(ROOM, ANNA, BEN)
    old = await server.write("asked long ago")
    gone = await server.write("gone")
    for number in range(30):
        await server.write(f"chat {number}", BEN)
    below = await server.write("below", more={"m.relates_to": {"rel_type": "m.thread", "event_id": old}})
    channel = await opened(server.base)
    await server.edit(old, "asked differently")
    await server.redact(gone)
    found = await channel.refresh((old, gone, "$nowhere"))
    assert [message.text for message in found.messages] == ["asked differently"]
    assert {deletion.remote_id for deletion in found.deletions} == {gone, "$nowhere"}
    around = await channel.thread(old)
    assert {old, below} <= {message.remote_id for message in around.messages}
    assert (await channel.thread("$nowhere")).deletions
    history = await channel.history(ANNA)
    assert history.history
    assert {message.text for message in history.messages} == {"asked differently", "below"}


async def test_reading_back(server: Double, opened: Opening) -> None:
    server.room(ROOM, ANNA)
    said = [await server.write(f"old {number}") for number in range(250)]
    channel = await opened(server.base)
    async with Watch(channel) as watch:
        await watch.live()
    seen, position, oldest = set(watch.ids()), "", watch.ids()[0]
    for _ in range(40):
        page = await channel.earlier(f"room:{ROOM}", position, oldest, 0)
        assert all(batch.history and batch.cursor is None for batch in page.batches)
        seen |= {message.remote_id for batch in page.batches for message in batch.messages}
        position = page.position
        if not page.more:
            break
    assert seen == set(said)
    assert not (await channel.earlier("invitations", "", "", 0)).more


@pytest.mark.parametrize("versions", [["v1.11"], ["v1.1"]])
async def test_files(server: Double, opened: Opening, versions: list[str]) -> None:
    server.versions = versions
    server.media = {"cat": ("image/png", b"png"), "bill": ("application/pdf", b"pdf"), "svg": ("image/svg+xml", b"<")}
    channel = await opened(server.base)
    assert await channel.media("mxc://far.example/cat") == b"png"
    assert await channel.file("mxc://far.example/bill") == b"pdf"
    for url in ("mxc://far.example/bill", "mxc://far.example/svg", "https://far.example/cat", "mxc://far.example/a/b"):
        with pytest.raises(InvalidError):
            await channel.media(url)


async def test_live_means_caught_up(server: Double, opened: Opening) -> None:
    server.room(ROOM, ANNA)
    async with Watch(await opened(server.base)) as watch:
        await watch.live()
    assert [health.condition for health in watch.health] == [Condition.CATCHING_UP, Condition.LIVE]


async def test_rooms_and_rights_that_come_later_are_told(server: Double, opened: Opening) -> None:
    server.room(ROOM, ANNA, BEN)
    channel = await opened(server.base)
    told: list[Opened] = []
    channel.on_changed(told.append)
    async with Watch(channel) as watch:
        await watch.live()
        await server.write("nothing new")
        server.room("!more:double", ANNA, name="More")
        await server.told()
        await watch.until(lambda: told)
        assert told[-1].titles["room:!more:double"] == "More"
        assert not told[-1].capabilities.offer(Act.BAN).available  # type: ignore[union-attr]
        await server.append("m.room.power_levels", {"users": {OWN: 100}}, state_key="")
        await watch.until(lambda: told[-1].capabilities.offer(Act.BAN).available)  # type: ignore[union-attr]
    assert len(told) == 2
