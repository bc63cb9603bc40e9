"""How a text addresses its reader, formally or not, told by the words that languages have for it.

Only languages are here that a list of words can tell apart without a grammar; of all others nothing is said.
"""

import re
from functools import lru_cache

import msgspec

from workstation.domain.templates import Formality


class Address(msgspec.Struct, frozen=True, gc=False):
    """A word that addresses the reader; positions are characters of the text."""

    formality: Formality
    word: str
    start: int
    end: int


# Formal and informal words by language. German "Sie" and Italian "Lei" are formal inside a sentence only: at its
# beginning they may mean "they" and "she".
_WORDS: dict[str, tuple[str, str]] = {
    "de": (
        r"(?<=[a-zäöüß,]\s)(?:Sie|Ihnen|Ihr(?:e[mnrs]?)?)",
        r"(?i:du|dich|dir|dein(?:e[mnrs]?)?|euch|euer|eure[mnrs]?)",
    ),
    "fr": (r"(?i:vous|votre|vos)", r"(?i:tu|toi|te|ton|ta|tes)|(?i:t[’'])(?=\w)"),
    "es": (r"(?i:usted(?:es)?)", r"(?i:tú|ti|contigo|vos|vosotr[oa]s|vuestr[oa]s?|tu|tus)"),
    "it": (r"(?<=[a-zàèéìòù,]\s)(?:Lei|Suo|Sua|Suoi|Sue|La)", r"(?i:tu|ti|te|tuo|tua|tuoi|tue)"),
    "nl": (r"(?i:u|uw)", r"(?i:je|jij|jou|jouw|jullie)"),
    "pl": (r"Pan(?:a|u|em|ie)?|Pani(?:ą|ę)?|Państw(?:o|a|u|em)", r"(?i:ty|ciebie|cię|tobie|tobą|twój|twoj\w{1,3})"),
    "pt": (r"(?i:o senhor|a senhora|senhor|senhora)", r"(?i:tu|teu|tua|teus|tuas|contigo)"),
    "tr": (r"(?i:siz|sizi|size|sizin|sizden|sizinle)", r"(?i:sen|seni|sana|senin|senden|seninle)"),
    "uk": (r"(?i:ви|вас|вам|вами|ваш\w{0,3})", r"(?i:ти|тебе|тобі|тобою|твій|тво\w{1,3})"),
    "ru": (r"(?i:вы|вас|вам|вами|ваш\w{0,3})", r"(?i:ты|тебя|тебе|тобой|твой|тво\w{1,3})"),
    "hi": (r"(?:आप|आपको|आपका|आपकी|आपके|आपने|आपसे)", r"(?:तुम|तुम्हें|तुम्हारा|तुम्हारी|तुम्हारे|तू|तुझे|तेरा|तेरी|तेरे)"),
    "fa": (r"(?:شما|شمارا|شماست)", r"(?:تو|تورا|ترا)"),
    "id": (r"(?:Anda)", r"(?i:kamu|kau|lu|loe)"),
    "vi": (r"(?i:quý khách|quý vị)", r"(?i:mày|cậu)"),
    "zh": (r"您", r"你"),
    "ko": (r"(?:습니다|습니까|십시오|세요|해요|예요|에요|까요)", r"(?:했어|할게|해줘|거야|너는|너의|네가)"),
    "ja": (r"(?:です|ます|ました|ません|ください|ございます)", r"(?:だよ|だね|じゃん|してね|君の|お前)"),
}
_UNSPACED = frozenset({"zh", "ko", "ja"})


@lru_cache(maxsize=64)
def _patterns(language: str) -> tuple[tuple[Formality, re.Pattern[str]], ...]:
    formal, informal = _WORDS[language]
    whole = "{}" if language in _UNSPACED else r"(?<![\w\u0900-\u097f])(?:{})(?![\w\u0900-\u097f])"
    if language in {"de", "it"}:
        # The look behind already says what stands before the word.
        return (
            (Formality.FORMAL, re.compile(rf"(?:{formal})(?!\w)")),
            (Formality.INFORMAL, re.compile(whole.format(informal))),
        )
    return (
        (Formality.FORMAL, re.compile(whole.format(formal))),
        (Formality.INFORMAL, re.compile(whole.format(informal))),
    )


def known(language: str) -> bool:
    """Whether anything can be said of a language (BCP 47)."""
    return _primary(language) in _WORDS


def addresses(text: str, language: str) -> tuple[Address, ...]:
    """The words that address the reader, in order; empty for languages of which nothing is known."""
    primary = _primary(language)
    if primary not in _WORDS:
        return ()
    found = [
        Address(formality, hit[0], hit.start(), hit.end())
        for formality, pattern in _patterns(primary)
        for hit in pattern.finditer(text)
    ]
    return tuple(sorted(found, key=lambda each: each.start))


def _primary(language: str) -> str:
    return language.replace("_", "-").partition("-")[0].lower()
