"""Posts of a bad hour whose truth is known: waves of near duplicates among complaints that only begin alike."""

from collections.abc import Iterable
from itertools import combinations
from random import Random

WORDS = [
    "order", "parcel", "refund", "invoice", "delivery", "website", "login", "password", "account", "broken", "late",
    "missing", "wrong", "colour", "size", "payment", "card", "charged", "twice", "cancel", "subscription", "support",
    "phone", "nobody", "answers", "weeks", "waiting", "box", "damaged", "courier", "street", "door", "neighbour",
    "update", "app", "crashes", "screen", "battery", "warranty", "return", "label", "printed", "code", "discount",
    "shop", "voucher", "newsletter",
]  # fmt: skip
SAYINGS = [
    "please", "why", "still", "hello", "again", "really", "today", "yesterday", "since", "monday", "my", "your", "the",
    "a", "is", "was", "not", "been", "this",
]  # fmt: skip
OPENINGS = ("Hello, I have a question about my order:", "Dear team,", "Hi there, hope you are well.", "", "", "")


def post(chance: Random) -> str:
    """A complaint of its own; many begin as others do."""
    said = [chance.choice(WORDS if chance.random() < 0.6 else SAYINGS) for _ in range(chance.randint(8, 30))]
    return f"{chance.choice(OPENINGS)} {' '.join(said)}".strip()


def variant(chance: Random, text: str) -> str:
    """What somebody else makes of the same post: another name, link and number, typos, a word more or less."""
    words = text.split()
    for _ in range(chance.randint(0, max(1, len(words) // 7))):
        at = chance.randrange(len(words))
        deed = chance.random()
        if deed < 0.4 and len(words[at]) > 3:
            cut = chance.randrange(1, len(words[at]) - 1)
            words[at] = words[at][:cut] + words[at][cut + 1 :]
        elif deed < 0.6:
            words.insert(at, chance.choice(SAYINGS))
        elif deed < 0.75 and len(words) > 6:
            del words[at]
        else:
            words[at] = words[at].upper()
    around = [f"@shop{chance.randint(1, 9)}", *words]
    if chance.random() < 0.5:
        around.append(f"https://t.example/{chance.getrandbits(40):x}")
    if chance.random() < 0.5:
        around += [f"#{chance.randint(1000, 99999)}", chance.choice(["!!!", "😡", "...", "?"])]
    return " ".join(around)


def stream(seed: int, waves: int = 40, alone: int = 600) -> list[tuple[int, str]]:
    """Posts with the number of their wave, shuffled; those that stand alone have one of their own."""
    chance = Random(seed)
    found: list[tuple[int, str]] = []
    for wave in range(waves):
        text = post(chance)
        found += [(wave, variant(chance, text)) for _ in range(chance.randint(3, 40))]
    found += [(waves + number, post(chance)) for number in range(alone)]
    chance.shuffle(found)
    return found


def pairs(groups: Iterable[Iterable[int]]) -> set[tuple[int, int]]:
    """Every two that are said to be alike."""
    return {pair for group in groups for pair in combinations(sorted(group), 2)}


def f1(truth: Iterable[Iterable[int]], found: Iterable[Iterable[int]]) -> float:
    """How well the pairs of groups agree, from 0 to 1."""
    wanted, told = pairs(truth), pairs(found)
    return 2 * len(wanted & told) / max(1, len(wanted) + len(told))
