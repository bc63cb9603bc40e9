"""Which language a post is in: two models, the scripts, words that tell, and what was known before it was read.

Pure and deterministic: the same text, candidates and prior give the same answer. Figures: docs/languages.md.
"""

import math
from collections import Counter
from collections.abc import Iterable

import regex

from workstation.domain.languages import MIXED, UNKNOWN, Detected, Prior, alike, named, primary
from workstation.services.detection_models import LEAST, Scorer, models
from workstation.services.detection_scripts import OF_SCRIPT, chinese, letters_tell
from workstation.services.detection_text import cleaned, scripts, words
from workstation.services.detection_words import common, latinised

KNOWN = (
    "en", "es", "pt", "fr", "de", "ar", "hi", "id", "ja", "tr", "ru", "it", "pl", "nl", "ko", "th", "vi", "zh", "fa",
    "uk", "he", "sv", "da", "nb", "nn", "fi", "cs", "sk", "hu", "ro", "bg", "el", "hr", "sr", "bs", "sl", "et", "lv",
    "lt", "ca", "eu", "gl", "ms", "fil", "bn", "ur", "ta", "te", "mr", "gu", "kn", "ml", "pa", "si", "ne", "my", "km",
    "lo", "ka", "hy", "az", "kk", "be", "mk", "sq", "is", "ga", "cy", "sw", "af", "eo", "am", "mn",
)  # fmt: skip
"""Candidates where a team names none."""
_POPULAR = {language: bonus for bonus, group in ((1.0, KNOWN[:8]), (0.6, KNOWN[8:21])) for language in group}
"""Log prior where a team names none: most posts are in few languages."""
_RELATED = tuple(
    frozenset(group.split())
    for group in ("nb nn da sv", "id ms", "hr sr bs sl", "cs sk", "es gl pt ca", "hi mr ne", "ru uk be bg mk", "zh yue")
)
"""A sentence in one of these has half of its words in the others."""
_CONFUSED = tuple(frozenset(group.split()) for group in ("nb nn da", "id ms", "hr sr bs sl", "cs sk", "ca es pt gl"))
_LEVELLED = 0.5
"""fastText takes the small ones of these for the large: so much of what it says between them is not believed."""

BAYES, FAST = 0.7, 1.0
"""Weights of the two models' logs, and of the rest below; found on labelled posts, see docs/languages.md."""
_BAYES_FEW, _BAYES_TOLD = 1.0, 0.4
"""Of a word or two fastText has hardly anything to tell."""
_FLOOR = math.log(LEAST)
_UNSEEN = 60.0
"""How far below the best a language is that naive Bayes does not know."""
_HINT, _AUTHOR, _CHANNEL = 2.5, 1.5, 0.6
_WORD, _ONLY_WORD = 1.6, 3.2
_EVERYWHERE = frozenset(
    (
        "ok",
        "okay",
        "lol",
        "wow",
        "haha",
        "hahaha",
        "hehe",
        "hmm",
        "ah",
        "oh",
        "xd",
        "omg",
        "wtf",
        "pls",
        "no",
        "bro",
        "dm",
    )
)
"""Words that are said in every language, and so tell nothing."""
_FEW = 6
"""Words beyond which common words add nothing to the models."""
_TEMPERATURE = 1.6
"""Makes the posterior as often right as it says."""
SURE = 0.8
_PLAIN, _KNOWN_BY = 0.98, 5
_FOREIGN, _FOREIGN_NAMES = 0.2, 0.08
"""Share of letters of another script from which Latin words are taken for names of brands and songs; less is enough
where they are written as names."""
_PIECE = 18
_UNMIXED, _UNMIXED_WITHIN = math.log(0.97), math.log(0.8)
"""fastText's certainty from which a text, or a sentence of it, is in one language."""
_SPLIT = regex.compile(r"(?<=[.!?…。！？])\s+|\n|\s[|/–—]\s|[。！？]")


class Detector:
    """Languages of texts among `candidates` (BCP 47, empty: all that are known)."""

    def __init__(
        self, candidates: Iterable[str] = (), *, bayes: Scorer | None = None, fast: Scorer | None = None
    ) -> None:
        wanted = dict.fromkeys(primary(tag) for tag in candidates)
        self._open = not wanted
        self.candidates = tuple(wanted) or KNOWN
        self._pools: dict[str, tuple[str, ...]] = {}
        if bayes is None or fast is None:
            bayes, fast = models()
        self._bayes, self._fast = bayes, fast

    def detect(self, text: str, prior: Prior | None = None) -> Detected:
        """The language of a text; never raises, whatever the text is."""
        prior = prior or Prior()
        kept = cleaned(text)
        counts = scripts(kept)
        if not counts:
            return self._from_prior(prior)
        script = _dominant(counts, _FOREIGN_NAMES if _titled(kept) else _FOREIGN)
        if script == "Latn" and (found := self._romanised(kept)) is not None:
            return found
        pool = self._pool(script, prior)
        if not pool:
            return Detected(UNKNOWN, 1.0, why="script")
        if len(pool) == 1 and self._only(script, pool[0]):
            return self._formed(pool[0], kept, 0.99, sure=True, why="script")
        return self._weighed(kept, script, pool, prior)

    # -- scoring ---------------------------------------------------------------------------------------------------

    def _weighed(self, kept: str, script: str, pool: tuple[str, ...], prior: Prior) -> Detected:
        flat = kept.replace("\n", " ")
        bayes, fast = self._bayes.score(flat), self._fast.score(flat)
        if script == "Latn" and (mixed := self._mixed(kept, fast)) is not None:
            return mixed
        told = self._said(flat)
        scores = self._scores(pool, script, flat, bayes, fast, told)
        evidence = (bool(bayes) or bool(told)) and not all(word in _EVERYWHERE for word in words(flat)[:_FEW])
        foreign = self._foreign(script, flat, pool, bayes, fast)
        if foreign:
            return self._formed(foreign, kept, 0.9, sure=True, why="text")
        weighed = {language: score + self._before(language, prior) for language, score in scores.items()}
        best, confidence = _posterior(weighed)
        if not evidence and confidence < SURE:
            return self._from_prior(prior)
        plain, _ = _posterior(scores)
        why = "text" if plain == best else "hint" if primary(prior.hint) == best else "author"
        return self._formed(best, kept, confidence, sure=confidence >= SURE, why=why)

    def _scores(
        self, pool: tuple[str, ...], script: str, text: str, bayes: dict[str, float], fast: dict[str, float],
        told: dict[str, float],
    ) -> dict[str, float]:  # fmt: skip
        highest = max(bayes.values(), default=0.0)
        tells = letters_tell(script, text)
        fast = _levelled(fast, pool)
        weight = BAYES if text.count(" ") > 1 else _BAYES_TOLD if told else _BAYES_FEW
        scores = {}
        for language in pool:
            score = weight * (bayes.get(language, highest - _UNSEEN) - highest) if bayes else 0.0
            score += FAST * fast.get(language, _FLOOR) if fast else 0.0
            score += told.get(language, 0.0) + tells.get(language, 0.0)
            scores[language] = score + (_POPULAR.get(language, 0.0) if self._open else 0.0)
        return scores

    def _said(self, text: str) -> dict[str, float]:
        """What the common words of a short text say; the fewer words, the more."""
        found = words(text)
        if not found or len(found) > _FEW:
            return {}
        known, weight = common(), _WORD if len(found) > 2 else _ONLY_WORD
        told: dict[str, float] = {}
        for word in found:
            languages = known.get(word, frozenset())
            for language in languages:
                told[language] = told.get(language, 0.0) + weight / math.sqrt(len(languages))
        return told

    def _before(self, language: str, prior: Prior) -> float:
        """The log prior of a language, 0 where nothing is known."""
        bonus = _HINT if prior.hint and primary(prior.hint) == language else 0.0
        bonus += _AUTHOR * _share(prior.author, language, len(self.candidates), 200)
        return bonus + _CHANNEL * _share(prior.channel, language, len(self.candidates), 200)

    def _pool(self, script: str, prior: Prior) -> tuple[str, ...]:
        """The candidates that are written so; where there is none, whatever is."""
        pool = self._pools.get(script)
        if pool is None:
            written = OF_SCRIPT.get(script)
            if script == "Latn":
                pool = tuple(one for one in self.candidates if one not in _NOT_LATIN)
            else:
                pool = tuple(one for one in self.candidates if one in (written or ()))
            pool = pool or (written or KNOWN if script == "Latn" else written or ())
            self._pools[script] = pool
        hinted = primary(prior.hint) if prior.hint else ""
        if hinted and hinted not in pool and hinted in OF_SCRIPT.get(script, KNOWN if script == "Latn" else ()):
            return (*pool, hinted)
        return pool

    def _only(self, script: str, language: str) -> bool:
        """Whether nothing but this language is written so, as far as one can know; else the models are asked."""
        written = OF_SCRIPT.get(script, ())
        return len(written) == 1 and written[0] == language

    def _foreign(
        self, script: str, text: str, pool: tuple[str, ...], bayes: dict[str, float], fast: dict[str, float]
    ) -> str:
        """A language outside the candidates that both models are certain of: forcing it into one would be a lie."""
        if not bayes or not fast or len(text) < _PIECE:
            return ""
        best = max(fast, key=lambda language: fast[language])
        if best in pool or best not in KNOWN or fast[best] < math.log(0.9):
            return ""
        first = next(iter(bayes))
        near = max((bayes.get(language, -math.inf) for language in pool), default=-math.inf)
        return best if first == best and bayes[first] - near > 8.0 else ""

    # -- answers that are no single language -----------------------------------------------------------------------

    def _mixed(self, kept: str, fast: dict[str, float]) -> Detected | None:
        """Two languages, each for several words: told by sentences, or by the halves of one."""
        certain = max(fast.values(), default=0.0)
        if len(kept) < 2 * _PIECE or certain > _UNMIXED:
            return None
        pieces = [piece for piece in _SPLIT.split(kept) if piece and len(piece) >= _PIECE]
        if len(pieces) < 2:
            said = kept.split()
            if len(said) < 10 or certain > _UNMIXED_WITHIN:
                return None
            half = len(said) // 2
            pieces = [" ".join(said[:half]), " ".join(said[half:])]
        pieces = [piece for piece in pieces if not _titled(piece)]
        share: Counter[str] = Counter()
        for piece in pieces[:12]:
            scores = self._fast.score(piece.replace("\n", " "))
            best = max(scores, key=lambda language: scores[language], default="")
            bayes = self._bayes.score(piece)
            if best and scores[best] > math.log(0.8) and next(iter(bayes), "") == best:
                share[best] += len(piece)
        if len(share) < 2:
            return None
        (first, most), (second, less) = share.most_common(2)
        if less < 0.25 * (most + less) or any({first, second} <= group for group in _RELATED):
            return None
        return Detected(MIXED, 0.9, sure=True, why="mixed")

    def _romanised(self, kept: str) -> Detected | None:
        """A language with letters of its own, written in Latin ones: known by its words alone."""
        found = words(kept)
        known, plain = latinised(), common()
        votes: Counter[str] = Counter()
        for word in found:
            for language in known.get(word, ()):
                votes[language] += 1
        if not votes:
            return None
        (best, count), *rest = votes.most_common(2)
        if (rest and rest[0][1] == count) or count < 2 or count < 0.4 * len(found):
            return None
        usual: Counter[str] = Counter(language for word in found for language in plain.get(word, ()))
        if usual and max(usual.values()) >= count:
            return None
        if not self._open and best not in self.candidates:
            return None
        share = count / len(found)
        return Detected(f"{best}-Latn", round(0.5 + share / 2, 3), sure=count >= 3, why="words")

    def _from_prior(self, prior: Prior) -> Detected:
        """There is nothing to read, or nothing to read out of it: what was known before, or unknown."""
        if prior.hint and primary(prior.hint) not in (UNKNOWN, MIXED):
            return Detected(prior.hint, 0.5, why="hint")
        total = sum(prior.author.values())
        if total >= 3:
            best = max(sorted(prior.author), key=lambda language: prior.author[language])
            if prior.author[best] >= 0.8 * total:
                return Detected(best, 0.6, why="author")
        return Detected(UNKNOWN, 1.0, why="nothing")

    def _formed(self, language: str, kept: str, confidence: float, *, sure: bool, why: str) -> Detected:
        tag = chinese(kept) if language == "zh" else language
        return Detected(tag, round(confidence, 3), sure, why)


_NOT_LATIN = frozenset(one for script, many in OF_SCRIPT.items() for one in many) - {"sr", "az", "uz", "ku", "mn", "kk"}


def _titled(text: str) -> bool:
    """Whether most of the Latin words are written as names."""
    said = [word for word in text.split() if "A" <= word[0] <= "z"]
    return len(said) > 1 and 2 * sum(word[0].isupper() for word in said) >= len(said)


def _dominant(counts: Counter[str], least: float) -> str:
    """The script that decides: Latin words in a text of other letters are mostly names."""
    total = sum(counts.values())
    kana, han = counts.get("Kana", 0), counts.get("Hani", 0)
    if kana and kana >= 0.1 * (kana + han):
        counts["Kana"] = kana + han
        del counts["Hani"]
    others = {script: count for script, count in counts.items() if script not in ("Latn", "Zyyy")}
    if others:
        script = max(others, key=lambda one: others[one])
        if others[script] >= least * total:
            return script
    return "Latn" if counts.get("Latn") else max(counts, key=lambda one: counts[one])


def _levelled(fast: dict[str, float], pool: tuple[str, ...]) -> dict[str, float]:
    """What fastText says, with less of a difference between languages that it confuses."""
    if not fast:
        return fast
    levelled = dict(fast)
    for group in _CONFUSED:
        here = [language for language in pool if language in group]
        if len(here) > 1:
            best = max(fast.get(language, _FLOOR) for language in here)
            for language in here:
                said = fast.get(language, _FLOOR)
                levelled[language] = said + _LEVELLED * (best - said)
    return levelled


def _posterior(scores: dict[str, float]) -> tuple[str, float]:
    best = max(scores, key=lambda language: scores[language])
    top = scores[best]
    return best, 1.0 / sum(math.exp((score - top) / _TEMPERATURE) for score in scores.values())


def _share(counts: dict[str, int], language: str, kinds: int, most: int) -> float:
    """The log of how much more often a language was seen than by chance, smoothed; 0 where nothing was."""
    total = sum(counts.values())
    if not total:
        return 0.0
    mine = sum(count for tag, count in counts.items() if primary(tag) == language)
    scale = min(1.0, most / total)
    return math.log((mine * scale + 1.0) * kinds / (total * scale + kinds))


def contradicts(found: Detected, prior: Prior) -> bool:
    """Whether a text says so plainly another language than its network that the text is to be believed.

    Less is asked where its author is known to write that language: a telephone tells the same one for ever.
    """
    if not found.sure or found.why == "hint" or not named(found.language) or alike(found.language, prior.hint):
        return False
    theirs = sum(count for tag, count in prior.author.items() if alike(tag, found.language))
    known = theirs >= _KNOWN_BY and theirs > 0.5 * sum(prior.author.values())
    return found.confidence >= (SURE if known else _PLAIN) and (known or found.why in ("text", "script"))
