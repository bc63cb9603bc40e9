"""The control API: what a trainer or a test does to the network from outside the Mastodon API."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from workstation.practice import garbage, social
from workstation.practice.courses import COURSES
from workstation.practice.faults import Fault
from workstation.practice.model import VISIBILITIES, Account
from workstation.practice.network import Post
from workstation.practice.options import RATES
from workstation.practice.scenario import INCIDENTS
from workstation.practice.script import Person
from workstation.practice.stage import mentions_agent
from workstation.practice.web.call import Answer, Call, Route, invalid, not_found

if TYPE_CHECKING:
    from workstation.practice.server import Practice

BURST_MOST = 20_000
PACES = (0.1, 10_000.0)


class Control:
    """The control endpoints of one network; all need the control token."""

    def __init__(self, practice: "Practice") -> None:
        self._practice = practice

    def routes(self) -> tuple[Route, ...]:
        """Return the endpoints."""

        def route(method: str, name: str, handler: Callable[[Call], Answer]) -> Route:
            return Route(method, f"/practice/{name}", handler, "control")

        return (
            route("GET", "statistics", self.statistics),
            route("POST", "post", self.post),
            route("POST", "hostile", self.hostile),
            route("POST", "edit", self.edit),
            route("POST", "delete", self.delete),
            route("POST", "report", self.report),
            route("POST", "follow", self.follow),
            route("POST", "burst", self.burst),
            route("POST", "step", self.step),
            route("POST", "pause", self.pause),
            route("POST", "resume", self.resume),
            route("POST", "rate", self.rate),
            route("GET", "course", self.course),
            route("POST", "course", self.begin_course),
            route("GET", "faults", self.faults),
            route("POST", "faults", self.add_faults),
            route("DELETE", "faults", self.clear_faults),
        )

    def statistics(self, call: Call) -> Answer:
        """Return what was played, sent, asked and received so far."""
        practice, network = self._practice, call.network
        return Answer(
            {
                "played": practice.traffic.played,
                "paused": practice.traffic.paused,
                "rate": practice.traffic.rate,
                "emitted": dict(network.emitted),
                "streams": dict(practice.hub.sent),
                "listeners": len(practice.hub.subscribers()),
                "streams_opened": practice.streaming.opened,
                "dropped_slow": practice.hub.dropped_slow,
                "statuses": len(network.statuses),
                "accounts": len(network.accounts),
                "reports": len(practice.moderation.reports),
                "requests": dict(call.desk.requests),
                "answers": {str(status): count for status, count in call.desk.answers.items()},
                "posts": call.desk.posts(),
                "faults": practice.faults.listing(),
            }
        )

    def _author(self, call: Call) -> Account:
        name = call.given.text("acct").removeprefix("@")
        if not name:
            return self._practice.cast.account(Person(call.network.options.languages[0], 0))
        username, _, domain = name.partition("@")
        account = call.network.find_account(username, domain)
        if account is None:
            account = call.network.add_account(
                username,
                call.given.text("display_name") or username,
                domain=domain,
                language=call.given.text("language"),
                note="Invented person of the practice network.",
            )
        return account

    def post(self, call: Call) -> Answer:
        """Let somebody write now; `mention` (the default) addresses the desk unless it is an answer to others."""
        given, network = call.given, call.network
        author = self._author(call)
        visibility = given.text("visibility") or "public"
        if visibility not in VISIBILITIES or not given.text("text"):
            raise invalid("text is missing or visibility unknown")
        parent = network.statuses.get(given.identifier("in_reply_to_id") or 0)
        if given.text("in_reply_to_id") and parent is None:
            raise not_found()
        text = mentions_agent(given.text("text")) if given.flag("mention", True) else given.text("text")
        status = network.post(
            author,
            Post(
                text=text,
                visibility=visibility,
                reply_to=parent,
                language=given.text("language") or author.language,
                spoiler=given.text("spoiler_text"),
                kind=given.text("kind") or "control",
            ),
        )
        return Answer(network.render.status(status))

    def hostile(self, call: Call) -> Answer:
        """Let somebody post what no honest server would pass on."""
        variant = call.given.text("variant") or "markup"
        if variant not in garbage.VARIANTS:
            raise invalid(f"variant must be one of {', '.join(garbage.VARIANTS)}")
        text = mentions_agent(f"hostile: {variant}")
        post = Post(text=text, kind="hostile", language="en", html=garbage.html(variant))
        status = call.network.post(self._author(call), post)
        return Answer({"id": str(status.id), "variant": variant})

    def edit(self, call: Call) -> Answer:
        """Edit anybody's status."""
        status = call.network.statuses.get(call.given.identifier("id") or 0)
        if status is None:
            raise not_found()
        call.network.edit(status, call.given.text("text"))
        return Answer(call.network.render.status(status))

    def delete(self, call: Call) -> Answer:
        """Delete anybody's status."""
        status = call.network.statuses.get(call.given.identifier("id") or 0)
        if status is None:
            raise not_found()
        call.network.delete(status)
        return Answer({})

    def report(self, call: Call) -> Answer:
        """Let somebody report a status."""
        status = call.network.statuses.get(call.given.identifier("id") or 0)
        if status is None:
            raise not_found()
        category = call.given.text("category") or "spam"
        report = self._practice.moderation.report(
            self._author(call), status.account, call.given.text("comment"), category, (status.id,)
        )
        return Answer({"id": str(report.id)})

    def follow(self, call: Call) -> Answer:
        """Let somebody follow the desk's account."""
        social.follower(call.network, call.network.mailbox(self._practice.cast.agent), self._author(call))
        return Answer({})

    def burst(self, call: Call) -> Answer:
        """Play a crisis wave at once."""
        count = min(BURST_MOST, call.given.integer("count", 200))
        incident = call.given.text("incident") or INCIDENTS[0]
        if incident not in INCIDENTS:
            raise invalid(f"incident must be one of {', '.join(INCIDENTS)}")
        return Answer({"ids": [str(status.id) for status in self._practice.stage.burst(count, incident)]})

    def step(self, call: Call) -> Answer:
        """Play a number of turns now, whatever the rate."""
        self._practice.traffic.step(min(BURST_MOST, call.given.integer("count", 1)))
        return self._playing()

    def course(self, _call: Call) -> Answer:
        """Return the course that is played, and which of its messages were written so far."""
        player = self._practice.player
        return Answer(
            {
                "course": player.course.name if player.course is not None else "",
                "played": [{"id": played.id, "who": played.who, "kind": played.kind} for played in player.played],
            }
        )

    def begin_course(self, call: Call) -> Answer:
        """Play a course by its name, for somebody who speaks `language`; without a name, end the one that is played."""
        name, player = call.given.text("course"), self._practice.player
        if not name:
            player.end()
            return self.course(call)
        try:
            pace = float(call.given.text("pace") or 1)
        except ValueError as error:
            raise invalid("pace must be a number") from error
        if name not in COURSES or not PACES[0] <= pace <= PACES[1]:
            raise invalid(f"course must be one of {', '.join(COURSES)}, its pace between {PACES[0]} and {PACES[1]}")
        player.begin(name, call.given.text("language"), pace)
        return self.course(call)

    def pause(self, _call: Call) -> Answer:
        """Stop playing until resumed."""
        self._practice.traffic.paused = True
        return self._playing()

    def resume(self, _call: Call) -> Answer:
        """Play on."""
        self._practice.traffic.paused = False
        return self._playing()

    def rate(self, call: Call) -> Answer:
        """Play faster or slower."""
        try:
            rate = float(call.given.text("rate"))
        except ValueError as error:
            raise invalid("rate must be a number") from error
        if not RATES[0] <= rate <= RATES[1]:
            raise invalid(f"rate must lie between {RATES[0]} and {RATES[1]}")
        self._practice.traffic.rate = rate
        return self._playing()

    def faults(self, _call: Call) -> Answer:
        """Return the faults that are set."""
        return Answer(self._practice.faults.listing())

    def add_faults(self, call: Call) -> Answer:
        """Set a fault, or the list under `faults`; drop_sockets strikes at once."""
        values: Any = call.given.values.get("faults", [call.given.values])
        try:
            parsed = [Fault.parse(dict(item)) for item in values]
        except (ValueError, TypeError) as error:
            raise invalid(str(error)) from error
        for fault in parsed:
            if fault.kind == "drop_sockets":
                for subscriber in self._practice.hub.subscribers():
                    subscriber.abort()
            else:
                self._practice.faults.add(fault)
        return self.faults(call)

    def clear_faults(self, call: Call) -> Answer:
        """Set everything right again."""
        self._practice.faults.clear()
        return self.faults(call)

    def _playing(self) -> Answer:
        traffic = self._practice.traffic
        return Answer({"paused": traffic.paused, "rate": traffic.rate, "played": traffic.played})
