"""What can be chosen when a practice network is started, and the command line that chooses it."""

import argparse
from dataclasses import dataclass
from typing import Literal

import msgspec

from workstation.practice.faults import Fault

LANGUAGES = ("en", "de", "nl", "fr", "es", "ar", "he", "ja", "zh", "hi", "pt", "tr", "it", "pl")
RATES = (0.0, 5_000.0)

Watch = Literal["stdin", "parent", "none"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """One network's settings; equal options with an equal seed play equal content.

    `heartbeat` and `thump` are the seconds between signs of life on a WebSocket and on server-sent events.
    """

    host: str = "127.0.0.1"
    port: int = 0
    seed: int = 1
    rate: float = 1.0
    total: int = 0
    languages: tuple[str, ...] = LANGUAGES
    replies: bool = True
    reply_delay: float = 4.0
    backlog: int = 200
    backlog_days: int = 21
    idempotency: bool = True
    websocket: bool = True
    sse: bool = True
    limit_characters: int = 500
    request_limit: int = 30_000
    request_window: int = 300
    capacity: int = 200_000
    paused: bool = False
    epoch_ms: int = 0
    state: str = ""
    crisis_every: int = 900
    crisis_size: int = 200
    addressed: float = 1.0
    """Share of the posts that usually name the desk which do so; direct messages always do."""
    media_delay: float = 0.0
    """Seconds that an uploaded picture is being prepared for."""
    heartbeat: float = 15.0
    thump: float = 15.0
    faults: tuple[Fault, ...] = ()

    def __post_init__(self) -> None:
        """Refuse values that no network could be played with."""
        unknown = [language for language in self.languages if language not in LANGUAGES]
        if unknown or not self.languages:
            raise ValueError(f"unknown languages: {', '.join(unknown) or '(none given)'}")
        if not RATES[0] <= self.rate <= RATES[1]:
            raise ValueError(f"rate must lie between {RATES[0]} and {RATES[1]} messages per second")
        if not 0 <= self.addressed <= 1:
            raise ValueError("the share of posts to the desk must lie between 0 and 1")
        if self.capacity < 1_000:
            raise ValueError("capacity must be at least 1000 statuses")


def _parser() -> argparse.ArgumentParser:
    default = Options()
    parser = argparse.ArgumentParser(
        prog="workstation.practice",
        description="A small social network on loopback that speaks the Mastodon API, for practice and tests.",
    )
    add = parser.add_argument
    add("--host", default=default.host)
    add("--port", type=int, default=default.port, help="0 takes a free port")
    add("--seed", type=int, default=default.seed)
    add("--rate", type=float, default=default.rate, help="scripted messages per second, 0 to 5000")
    add("--total", type=int, default=default.total, help="stop the traffic after this many (0: never)")
    add("--languages", default=",".join(default.languages), help="comma-separated codes")
    add("--no-replies", action="store_true", help="customers do not answer back")
    add("--reply-delay", type=float, default=default.reply_delay, help="seconds until a customer answers back")
    add("--backlog", type=int, default=default.backlog, help="statuses that exist at the start")
    add("--backlog-days", type=int, default=default.backlog_days, help="days the backlog is spread over")
    add("--idempotency", choices=("on", "off"), default="on", help="off imitates servers that ignore the key")
    add("--no-websocket", action="store_true")
    add("--no-sse", action="store_true")
    add("--limit-characters", type=int, default=default.limit_characters)
    add("--request-limit", type=int, default=default.request_limit, help="requests per window and token")
    add("--request-window", type=int, default=default.request_window, help="seconds")
    add("--capacity", type=int, default=default.capacity, help="statuses kept in memory")
    add("--paused", action="store_true", help="start without traffic")
    add("--epoch-ms", type=int, default=0, help="virtual clock: starts here, advances with the messages")
    add("--state", default="", help="file that lets the network survive a restart")
    add("--crisis-every", type=int, default=default.crisis_every, help="messages between two crisis waves")
    add("--crisis-size", type=int, default=default.crisis_size)
    add("--addressed", type=float, default=default.addressed, help="share of the usual posts to the desk, 0 to 1")
    add("--fault", action="append", default=[], help='a fault from the start, as JSON: {"kind": "slow", "times": 3}')
    add("--watch", choices=("stdin", "parent", "none"), default="stdin", help="what ends the process")
    return parser


def parse(argv: list[str]) -> tuple[Options, Watch]:
    """Turn a command line into options; argparse ends the process with 2 on wrong arguments."""
    parser = _parser()
    given = parser.parse_args(argv)
    values = {
        name: getattr(given, name)
        for name in (
            "host",
            "port",
            "seed",
            "rate",
            "total",
            "reply_delay",
            "backlog",
            "backlog_days",
            "limit_characters",
            "request_limit",
            "request_window",
            "capacity",
            "paused",
            "epoch_ms",
            "state",
            "crisis_every",
            "crisis_size",
            "addressed",
        )
    }
    try:
        options = Options(
            languages=tuple(code.strip() for code in given.languages.split(",") if code.strip()),
            replies=not given.no_replies,
            idempotency=given.idempotency == "on",
            websocket=not given.no_websocket,
            sse=not given.no_sse,
            faults=tuple(Fault.parse(msgspec.json.decode(text, type=dict)) for text in given.fault),
            **values,
        )
    except (ValueError, msgspec.DecodeError) as error:
        parser.error(str(error))
    return options, given.watch
