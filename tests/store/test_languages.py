"""What is remembered between languages, as a machine with a model beside it."""

import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.empty import empty
from workstation.domain.memory import Segment, SignOff, SignOffPolicy, Term
from workstation.store.store import Store

_TEXT = st.text(min_size=1, max_size=6)
_SEGMENT = st.builds(
    Segment, st.sampled_from(["en", "de"]), st.sampled_from(["de", "ar"]), _TEXT, _TEXT, st.integers(1, 5),
    st.integers(0, 99),
)  # fmt: skip


def _clean(text: str) -> str:
    return text.replace("\0", "\ufffd").encode("utf-8", "replace").decode()


@settings(max_examples=40)
@given(st.lists(st.lists(_SEGMENT, max_size=6), max_size=6))
async def test_segments_are_counted_and_never_doubled(batches: list[list[Segment]]) -> None:
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        store = await Store.open(empty(Path(folder) / "desk.sqlite3"), lambda _: None)
        model: dict[tuple[str, ...], tuple[int, int]] = {}
        for batch in batches:
            stored = await store.languages.remember(batch)
            assert len(stored) == len(batch)
            for one in batch:
                key = (one.source_language, one.target_language, _clean(one.source), _clean(one.target))
                uses, at = model.get(key, (0, 0))
                model[key] = (uses + one.uses, max(at, one.used_at))
        found = {
            (s.source_language, s.target_language, s.source, s.target): (s.uses, s.used_at)
            for s in await store.languages.segments()
        }
        assert found == model
        pairs = await store.languages.pairs()
        assert sum(count for _one, _other, count in pairs) == len(model)
        for source, target, count in pairs:
            rows = await store.languages.segments(source, target)
            assert len(rows) == count
            assert [row.used_at for row in rows] == sorted((row.used_at for row in rows), reverse=True)
            await store.languages.forget(row.id for row in rows)
        assert await store.languages.pairs() == ()
        await store.close()


async def test_terms_take_each_others_place(store: Store) -> None:
    first, second = await store.languages.swap_terms((), [Term("en", "de", "a", "b"), Term("en", "de", "c", "d")])
    (again,) = await store.languages.swap_terms((), [Term("en", "de", "a", "b", "note", id=second.id)])
    assert again.id == second.id
    assert await store.languages.terms() == (again,)
    await store.languages.swap_terms([again.id], [first])
    assert await store.languages.terms() == (first,)


async def test_small_things(store: Store) -> None:
    await store.languages.learn_word("en", "Zyzzy")
    await store.languages.learn_word("en", "Zyzzy")
    assert await store.languages.own_words() == (("en", "Zyzzy"),)
    await store.languages.unlearn_word("en", "Zyzzy")
    assert await store.languages.own_words() == ()
    await store.languages.put_sign_off(SignOffPolicy(1, SignOff.TEAM, "Acme"))
    await store.languages.put_sign_off(SignOffPolicy(1, SignOff.AGENT, "Acme"))
    assert await store.languages.sign_offs() == (SignOffPolicy(1, SignOff.AGENT, "Acme"),)
