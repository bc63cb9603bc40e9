"""Three providers as their documentation describes them, in one server each; `mood` decides how they translate."""

import asyncio
import json
import random
import re
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from xml.sax.saxutils import escape, unescape

from aiohttp import web

from tests.providers.doubles.moods import MOODS

XML = re.compile(r"<m id=\"[A-Z]\d+\"/>")
ASCII = re.compile(r"\[[A-Z]\d+\]")
SIGNS = re.compile(r"⟦[A-Z]\d+⟧")
KEY = "0f8c7d-key"
CAP = 128 * 1024


@dataclass
class Double:
    """A provider's server. `trouble`: what it answers instead, see `_troubled`."""

    address: str = ""
    mood: str = "kind"
    trouble: str = ""
    key: str = KEY
    asked: list[Any] = field(default_factory=list)
    """Bodies of questions with texts, as they came."""
    questions: int = 0
    used: int = 1_200
    limit: int = 500_000
    rng: random.Random = field(default_factory=lambda: random.Random(7))
    schema: bool = True
    """A model's server that knows `response_format`."""
    batches: bool = True
    """A server that takes several texts at once, and lists its languages."""
    chatter: str = "{}"
    """What a model writes around its answer."""
    hold: asyncio.Event = field(default_factory=asyncio.Event)

    def say(self, text: str, masks: re.Pattern[str]) -> str:
        """A text translated in the double's mood."""
        return MOODS[self.mood](text, masks, self.rng)


class _AnsweredError(Exception):
    def __init__(self, response: web.Response) -> None:
        self.response = response


async def _troubled(double: Double) -> None:
    """Answer otherwise than the contract says, or with one of its refusals."""
    trouble = double.trouble
    if trouble.isdecimal():
        headers = {"Retry-After": "30"} if trouble == "429" else {}
        raise _AnsweredError(web.json_response({"message": "no", "error": "no"}, status=int(trouble), headers=headers))
    if trouble == "slow":
        await double.hold.wait()
    if trouble == "large":
        raise _AnsweredError(web.Response(text='{"x":"' + "y" * (10 << 20) + '"}', content_type="application/json"))
    bodies = {
        "html": "<html><h1>Welcome to the hotel’s network</h1>",
        "not json": '{"translations": [',
        "other json": '{"hello": [1, 2, {"x": null}]}',
        "deep": "[" * 100_000,
        "list": "[]",
        "null": "null",
        "types": '{"translations": [{"text": 5}], "translatedText": 7, "choices": [{"message": 3}]}',
        "few": '{"translations": [], "translatedText": [], "choices": []}',
        "nothing": "",
        "bytes": "\ud800".encode("utf-8", "surrogatepass").decode("latin-1"),
    }
    if trouble in bodies:
        raise _AnsweredError(
            web.Response(body=bodies[trouble].encode("latin-1", "replace"), content_type="application/json")
        )
    if trouble == "redirect":
        raise _AnsweredError(web.Response(status=307, headers={"Location": f"{double.address}/elsewhere"}))


Answer = Callable[[Double, web.Request], Any]


def _route(double: Double, answer: Answer) -> Any:
    async def handle(request: web.Request) -> web.StreamResponse:
        double.questions += 1
        try:
            await _troubled(double)
            found = answer(double, request)
            response: web.StreamResponse = await found if asyncio.iscoroutine(found) else found
            return response
        except _AnsweredError as answered:
            return answered.response

    return handle


@asynccontextmanager
async def _serving(double: Double, *routes: tuple[str, str, Answer]) -> AsyncIterator[Double]:
    app = web.Application()
    for method, path, answer in routes:
        app.router.add_route(method, path, _route(double, answer))
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    double.address = f"http://127.0.0.1:{runner.addresses[0][1]}"
    try:
        yield double
    finally:
        double.hold.set()
        await runner.cleanup()


def _refuse(status: int, **body: str) -> _AnsweredError:
    return _AnsweredError(web.json_response(body, status=status))


# -- DeepL ---------------------------------------------------------------------------------------------------------

_DEEPL = "AR BG CS DA DE EL EN ES ET FI FR HE HI HU ID IT JA KO LT LV NB NL PL PT RO RU SK SL SV TH TR UK VI ZH"
DEEPL_SOURCES = set(_DEEPL.split())
DEEPL_TARGETS = DEEPL_SOURCES | {"EN-GB", "EN-US", "ES-419", "PT-BR", "PT-PT", "ZH-HANS", "ZH-HANT"}


def _deepl_key(double: Double, request: web.Request) -> None:
    if request.headers.get("Authorization") != f"DeepL-Auth-Key {double.key}":
        raise _AnsweredError(web.Response(status=403, text="Forbidden"))


async def _deepl(double: Double, request: web.Request) -> web.Response:
    _deepl_key(double, request)
    raw = await request.read()
    if len(raw) > CAP:
        raise _refuse(413, message="Request Entity Too Large")
    body = json.loads(raw)
    double.asked.append(body)
    texts = body["text"]
    if not 0 < len(texts) <= 50:
        raise _refuse(400, message="Too many texts to translate")
    if body["target_lang"] not in DEEPL_TARGETS:
        raise _refuse(400, message="Value for 'target_lang' not supported.")
    if body.get("source_lang", "EN") not in DEEPL_SOURCES:
        raise _refuse(400, message="Value for 'source_lang' not supported.")
    if body.get("formality", "default") not in {"default", "more", "less", "prefer_more", "prefer_less"}:
        raise _refuse(400, message="Value for 'formality' not supported.")
    if "glossary_id" in body and "source_lang" not in body:
        raise _refuse(400, message="Using a glossary requires source_lang.")
    if body.get("glossary_id", "").startswith("dead"):
        raise _refuse(404, message="Glossary not found")
    if sum(map(len, texts)) + double.used > double.limit:
        return web.json_response({"message": "Quota Exceeded"}, status=456)
    double.used += sum(map(len, texts))
    found = []
    for text in texts:
        answer = _as_xml(double.say(unescape(text), XML))
        found.append(
            {
                "detected_source_language": body.get("source_lang", "EN"),
                "text": answer,
                "billed_characters": len(text),
            }
        )
    return web.json_response({"translations": found})


def _as_xml(text: str) -> str:
    """An answer as the service writes it: good tags are tags, everything else is escaped."""
    pieces = XML.split(text)
    tags = [*XML.findall(text), ""]
    return "".join(escape(piece) + tag for piece, tag in zip(pieces, tags, strict=True))


def _deepl_usage(double: Double, request: web.Request) -> web.Response:
    _deepl_key(double, request)
    return web.json_response({"character_count": double.used, "character_limit": double.limit})


def _deepl_languages(double: Double, request: web.Request) -> web.Response:
    _deepl_key(double, request)
    return web.json_response(
        [{"language": code, "name": code, "supports_formality": True} for code in sorted(DEEPL_TARGETS)]
    )


def deepl() -> Any:
    """DeepL's API, version 2."""
    return _serving(
        Double(),
        ("POST", "/v2/translate", _deepl),
        ("GET", "/v2/usage", _deepl_usage),
        ("GET", "/v2/languages", _deepl_languages),
    )


# -- LibreTranslate ------------------------------------------------------------------------------------------------

LIBRE = [
    "ar",
    "de",
    "en",
    "es",
    "fr",
    "he",
    "hi",
    "id",
    "it",
    "ja",
    "ko",
    "nl",
    "pb",
    "pl",
    "pt",
    "th",
    "tr",
    "uk",
    "vi",
    "zh",
    "zt",
]


async def _libre(double: Double, request: web.Request) -> web.Response:
    body = json.loads(await request.read())
    double.asked.append(body)
    if double.key and body.get("api_key") != double.key:
        raise _refuse(403, error="Invalid API key")
    for name in ("source", "target"):
        if body[name] not in LIBRE and body[name] != "auto":
            raise _refuse(400, error=f"{body[name]} is not supported")
    if isinstance(body["q"], list) and not double.batches:
        raise _refuse(400, error="Invalid request: request (3) exceeds text limit (1)")
    texts = body["q"] if isinstance(body["q"], list) else [body["q"]]
    if sum(map(len, texts)) > 5_000:
        raise _refuse(400, error="Invalid request: request (9000) exceeds text limit (5000)")
    found = [double.say(text, ASCII) for text in texts]
    return web.json_response({"translatedText": found if isinstance(body["q"], list) else found[0]})


def _libre_languages(double: Double, request: web.Request) -> web.Response:
    if not double.batches:
        raise _refuse(404, error="Not found")
    return web.json_response([{"code": code, "name": code, "targets": LIBRE} for code in LIBRE])


def libretranslate() -> Any:
    """A LibreTranslate server that wants a key."""
    return _serving(Double(), ("POST", "/translate", _libre), ("GET", "/languages", _libre_languages))


# -- chat completions ----------------------------------------------------------------------------------------------


async def _chat(double: Double, request: web.Request) -> web.Response:
    if double.key and request.headers.get("Authorization") != f"Bearer {double.key}":
        return web.json_response(
            {"error": {"message": "Incorrect API key provided", "code": "invalid_api_key"}}, status=401
        )
    body = json.loads(await request.read())
    double.asked.append(body)
    if "response_format" in body and not double.schema:
        return web.json_response({"error": {"message": "response_format is not supported"}}, status=400)
    document = json.loads(body["messages"][-1]["content"])
    said = json.dumps({"translations": [double.say(text, SIGNS) for text in document["texts"]]}, ensure_ascii=False)
    content = double.chatter.replace("{}", said)
    choice = {"index": 0, "message": {"role": "assistant", "content": content}, "finish_reason": "stop"}
    return web.json_response(
        {"id": "chatcmpl-1", "object": "chat.completion", "model": body["model"], "choices": [choice]}
    )


def _models(double: Double, request: web.Request) -> web.Response:
    return web.json_response({"object": "list", "data": [{"id": "local-model", "object": "model"}]})


def openai() -> Any:
    """A server with OpenAI's chat completions."""
    return _serving(Double(), ("POST", "/v1/chat/completions", _chat), ("GET", "/v1/models", _models))


SERVERS: dict[str, Callable[[], Any]] = {"deepl": deepl, "libretranslate": libretranslate, "openai": openai}
