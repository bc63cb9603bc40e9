"""Accounts that are one human: linked, split, restored, suggested, never by itself."""

import pytest

from tests.store.factories import NOW, author, batch, mention
from workstation.domain.channels import ChannelConfig
from workstation.domain.errors import NotFoundError, StaleError
from workstation.domain.messages import Author
from workstation.domain.people import Sign
from workstation.store.store import Store


async def arrive(store: Store, channel: ChannelConfig, writer: Author, text: str, name: str) -> Author:
    changes = await store.messages.accept(channel, batch(mention(name, text, author=writer, created_at=NOW)))
    return changes.entries[0].message.author


async def three(store: Store, acme: ChannelConfig) -> list[Author]:
    return [await arrive(store, acme, author(number), f"words {number}", f"m{number}") for number in (1, 2, 3)]


async def handles(store: Store, account: Author) -> set[str]:
    return {each.handle for each in await store.people.accounts(account.id)}


async def test_history_and_cases_are_the_persons(store: Store, acme: ChannelConfig) -> None:
    one, two, _three = await three(store, acme)
    changes, _moved = await store.people.link(one.id, two.id)
    assert {case.customer for case in changes.cases} == {one.id, two.id}
    assert [entry.message.remote_id for entry in await store.messages.history(one.id)] == ["m2", "m1"]
    assert [case.customer for case in await store.cases.others(changes.cases[0].id)] == [changes.cases[1].customer]


async def test_two_people_become_one_and_are_parted_as_they_were(store: Store, acme: ChannelConfig) -> None:
    one, two, three_ = await three(store, acme)
    four = await arrive(store, acme, author(4), "words", "m4")
    await store.people.link(one.id, two.id)
    await store.people.link(three_.id, four.id)
    _changes, moved = await store.people.link(two.id, three_.id)
    assert len(await store.people.accounts(one.id)) == 4
    _changes, back = await store.people.restore(moved)
    assert await handles(store, one) == {one.handle, two.handle}
    assert await handles(store, three_) == {three_.handle, four.handle}
    await store.people.restore(back)
    assert len(await store.people.accounts(four.id)) == 4


async def test_one_split_off_leaves_the_others_together(store: Store, acme: ChannelConfig) -> None:
    one, two, three_ = await three(store, acme)
    await store.people.link(one.id, two.id)
    await store.people.link(one.id, three_.id)
    _changes, moved = await store.people.split(two.id)
    assert await handles(store, one) == {one.handle, three_.handle}
    assert await handles(store, two) == {two.handle}
    await store.people.split(three_.id)
    assert await handles(store, one) == {one.handle}
    with pytest.raises(StaleError):
        await store.people.restore(moved)
    with pytest.raises(NotFoundError):
        await store.people.split(one.id)
    with pytest.raises(NotFoundError):
        await store.people.link(one.id, 999)


async def test_what_suggests_the_same_human(store: Store, acme: ChannelConfig) -> None:
    ada = author(1, handle="Ada@one.example")
    other = author(2, handle="ada@two.example")
    mailer = author(3, handle="someone@three.example")
    homepage = author(4, handle="else@four.example")
    nobody = author(5, handle="adam@five.example")
    me = await arrive(store, acme, ada, "my mail is ada.l@post.example, see https://ada.example/x", "m1")
    await arrive(store, acme, other, "hello", "m2")
    await arrive(store, acme, mailer, "answer to ADA.L@post.example please", "m3")
    await arrive(store, acme, homepage, "as I wrote on https://www.ada.example", "m4")
    await arrive(store, acme, nobody, "ada l post example", "m5")
    found = {each.author.handle: each.signs for each in await store.people.suggestions(me.id)}
    assert found == {
        "ada@two.example": (Sign.HANDLE,),
        "someone@three.example": (Sign.MAIL,),
        "else@four.example": (Sign.WEBSITE,),
    }
    same = next(each.author for each in await store.people.suggestions(me.id) if each.author.remote_id == "a2")
    assert len(await store.people.accounts(me.id)) == 1  # nothing was linked by itself
    await store.people.deny(me.id, same.id)
    assert "ada@two.example" not in {each.author.handle for each in await store.people.suggestions(me.id)}
    await store.people.deny(me.id, same.id, denied=False)
    await store.people.link(me.id, same.id)
    assert "ada@two.example" not in {each.author.handle for each in await store.people.suggestions(me.id)}


async def test_what_everybody_links_to_suggests_nobody(store: Store, acme: ChannelConfig) -> None:
    accounts = [
        await arrive(store, acme, author(number), "look at https://shop.example/deal", f"m{number}")
        for number in range(1, 6)
    ]
    assert await store.people.suggestions(accounts[0].id) == ()


async def test_accounts_are_found_by_their_handle(store: Store, acme: ChannelConfig) -> None:
    await three(store, acme)
    assert len(await store.people.find("@customer")) == 3
    assert [each.handle for each in await store.people.find("customer2")] == ["customer2@example.org"]
    assert await store.people.find("") == ()
    assert await store.people.suggestions(999) == ()
