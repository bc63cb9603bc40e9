"""Texts at random with what must survive in them, told without any of the code that looks for it."""

import random
from typing import NamedTuple

_SPOKEN = {
    "en": "hello we are sorry about your parcel it is on the way please wait thank you for telling us",
    "de": "hallo leider ist Ihr Paket noch unterwegs bitte warten Sie vielen Dank für Ihre Nachricht",
    "fr": "bonjour nous sommes désolés pour votre colis il est en route merci de votre patience",
    "ar": "مرحبا نعتذر عن تأخر طردك وهو في الطريق شكرا لصبرك",
    "he": "שלום אנו מצטערים על העיכוב החבילה בדרך תודה על הסבלנות",
    "hi": "नमस्ते आपका पार्सल रास्ते में है कृपया प्रतीक्षा करें धन्यवाद",
    "ja": "ご連絡 ありがとうございます お荷物は 配送中です 少々 お待ちください",
    "th": "สวัสดีค่ะ พัสดุของคุณ กำลังจัดส่ง กรุณารอสักครู่ ขอบคุณ",
    "uk": "вітаємо на жаль ваша посилка ще в дорозі дякуємо за терпіння",
}
WORDS = {language: spoken.split() for language, spoken in _SPOKEN.items()}
TARGETS = {"en": "de", "de": "en", "fr": "tr", "ar": "en", "he": "en", "hi": "en", "ja": "en", "th": "en", "uk": "pl"}
NAMES = ("Maria Gonzalez", "Олена", "田中")
TERMS = ("AcmePay", "Meridian Plus")


class Sample(NamedTuple):
    """A text, its languages, and the parts that have to be in its translation as often as here."""

    text: str
    source: str
    target: str
    parts: tuple[str, ...]


def _url(rng: random.Random) -> str:
    path = "".join(rng.choices("abcdefXYZ0123456789-_", k=rng.randint(1, 12)))
    host = rng.choice(("example.org", "acme.example", "shop.acme.co.uk", "müller.example", "t.co"))
    return f"{rng.choice(('https', 'http'))}://{host}/{path}{rng.choice(('', '?a=1&b=2', '#x', '/%20y', '?q=(z)'))}"


def _number(rng: random.Random) -> str:
    made = rng.randint(0, 10 ** rng.randint(1, 7))
    shape = rng.choice(("{}", "{:,}", "{}.50", "{}%", "-{}", "{}€", "{}/12/2026", "{}:30", "+49 30 {}99"))
    text = shape.format(made)
    return (
        text.translate(str.maketrans("0123456789", rng.choice(("٠١٢٣٤٥٦٧٨٩", "०१२३४५६७८९"))))
        if rng.random() < 0.15
        else text
    )


EMOJI = ("👩\u200d👩\u200d👧\u200d👦", "👍🏽", "🇩🇪", "1️⃣", "❤️\u200d🔥", "🎉🎉", "✅", "🏳️\u200d🌈", "☺️")


def _part(rng: random.Random) -> str:
    name = "".join(rng.choices("abcdefghij", k=rng.randint(2, 8)))
    makers = (
        lambda: _url(rng),
        lambda: rng.choice((f"@{name}", f"@{name}@social.example", f"@{name}.bsky.social")),
        lambda: rng.choice((f"#{name}", "#返品", "#Köln_2026", "#عربي")),
        lambda: rng.choice(("{first_name}", "{order_no|your order}", "{link}", "{signature}", "{name|}")),
        lambda: _number(rng),
        lambda: rng.choice(EMOJI),
        lambda: rng.choice(
            (f"AB-{rng.randint(100, 99_999)}", f"1Z999AA1{rng.randint(10_000_000, 99_999_999)}", "#4711")
        ),
        lambda: f"{name}@{name}.example",
        lambda: rng.choice(TERMS),
        lambda: rng.choice(NAMES),
    )
    return str(rng.choice(makers)())


def sample(seed: int) -> Sample:
    """The text of a seed."""
    rng = random.Random(seed)
    source = rng.choice(sorted(WORDS))
    pieces: list[str] = []
    parts: list[str] = []
    for _ in range(rng.randint(1, 3)):
        for word in rng.choices(WORDS[source], k=rng.randint(2, 7)):
            pieces += [word, " "]
            if rng.random() < 0.45:
                part = _part(rng)
                parts.append(part)
                pieces += [part, rng.choice((" ", " ", ", ", ". ", "! ", "\n", "? "))]
        pieces.append(rng.choice((". ", "\n\n", "\n", "! ")))
    if not parts:
        parts.append("{first_name}")
        pieces.append("{first_name}")
    return Sample("".join(pieces).strip(), source, TARGETS[source], tuple(parts))
