"""Reports by people, and the administrators' view of reports and accounts."""

from collections.abc import Callable

from workstation.practice.model import Account, Report, Status
from workstation.practice.moderation import ACTIONS, CATEGORIES, Moderation
from workstation.practice.timeline import Timeline
from workstation.practice.web.call import Answer, Call, Route, invalid, not_found


class Reports:
    """The endpoints of one network's moderation."""

    def __init__(self, moderation: Moderation) -> None:
        self._moderation = moderation

    def routes(self) -> tuple[Route, ...]:
        """Return the endpoints."""
        read_r, write_r = "admin:read:reports", "admin:write:reports"
        read_a, write_a = "admin:read:accounts", "admin:write:accounts"
        one, account = "/api/v1/admin/reports/{id}", "/api/v1/admin/accounts/{id}"
        return (
            Route("POST", "/api/v1/reports", self.file, "write:reports"),
            Route("GET", "/api/v1/admin/reports", self.reports, read_r, staff=True),
            Route("GET", one, self._on_report(None), read_r, staff=True),
            Route("PUT", one, self._on_report(self._update), write_r, staff=True),
            Route("POST", f"{one}/assign_to_self", self._on_report(self._assign), write_r, staff=True),
            Route("POST", f"{one}/unassign", self._on_report(self._unassign), write_r, staff=True),
            Route("POST", f"{one}/resolve", self._on_report(self._resolve), write_r, staff=True),
            Route("POST", f"{one}/reopen", self._on_report(self._reopen), write_r, staff=True),
            Route("GET", "/api/v1/admin/accounts", self.accounts, read_a, staff=True),
            Route("GET", "/api/v2/admin/accounts", self.accounts, read_a, staff=True),
            Route("GET", account, self._on_account(""), read_a, staff=True),
            Route("POST", f"{account}/action", self.action, write_a, staff=True),
            Route("POST", f"{account}/approve", self._on_account("approved"), write_a, staff=True),
            Route("POST", f"{account}/enable", self._on_account("disabled"), write_a, staff=True),
            Route("POST", f"{account}/unsilence", self._on_account("silenced"), write_a, staff=True),
            Route("POST", f"{account}/unsuspend", self._on_account("suspended"), write_a, staff=True),
            Route("POST", f"{account}/unsensitive", self._on_account("sensitized"), write_a, staff=True),
        )

    def file(self, call: Call) -> Answer:
        """Report an account to the moderators."""
        given = call.given
        target = call.network.accounts.get(given.identifier("account_id") or 0)
        if target is None:
            raise not_found()
        if len(given.text("comment")) > 1_000:
            raise invalid("Comment is too long (maximum is 1000 characters)")
        category = given.text("category") or "other"
        rules = tuple(given.many("rule_ids"))
        if category not in CATEGORIES:
            raise invalid("Category is not included in the list")
        statuses = tuple(item for item in given.identifiers("status_ids") if item in target.statuses)
        report = self._moderation.report(
            call.account,
            target,
            given.text("comment"),
            "violation" if rules else category,
            statuses,
            rules,
            forwarded=given.flag("forward"),
        )
        return Answer(call.network.render.report(report))

    def reports(self, call: Call) -> Answer:
        """Return a page of reports: open ones, or with `resolved` those that are closed."""
        given, page = call.given, call.given.page(100, 200)
        resolved = given.flag("resolved")
        reporter, target = given.identifier("account_id"), given.identifier("target_account_id")
        found: list[Report] = []
        for identifier in self._moderation.order.candidates(page):
            report = self._moderation.reports.get(identifier)
            if report is None or (report.resolved_at is not None) != resolved:
                continue
            if reporter not in (None, report.account.id) or target not in (None, report.target.id):
                continue
            found.append(report)
            if len(found) >= page.limit:
                break
        found = found[::-1] if page.min_id is not None else found
        return call.paged([self._entity(call, report) for report in found], [report.id for report in found], page)

    def accounts(self, call: Call) -> Answer:
        """Return a page of accounts, by where they are and what was done to them."""
        page = call.given.page(100, 200)
        order = Timeline(len(call.network.accounts) + 1)
        for identifier in sorted(call.network.accounts):
            order.add(identifier)
        found: list[Account] = []
        for identifier in order.candidates(page):
            account = call.network.accounts[identifier]
            if self._fits(call, account):
                found.append(account)
                if len(found) >= page.limit:
                    break
        found = found[::-1] if page.min_id is not None else found
        body = [call.network.render.admin_account(account) for account in found]
        return call.paged(body, [account.id for account in found], page)

    def action(self, call: Call) -> Answer:
        """Take a measure against an account."""
        kind = call.given.text("type")
        if kind not in ACTIONS:
            raise invalid("Type is not included in the list")
        report = self._moderation.reports.get(call.given.identifier("report_id") or 0)
        self._moderation.act(call.account, call.target(), kind, report)
        return Answer({})

    @staticmethod
    def _fits(call: Call, account: Account) -> bool:
        given = call.given
        origin, status = given.text("origin"), given.text("status")
        local = given.flag("local") or origin == "local"
        remote = given.flag("remote") or origin == "remote"
        if (local and account.domain) or (remote and not account.domain):
            return False
        for name in ("suspended", "silenced", "disabled"):
            if (given.flag(name) or status == name) and not getattr(account, name):
                return False
        if status == "active" and (account.suspended or account.disabled):
            return False
        wanted = given.text("username").lower()
        return wanted in account.username.lower() and given.text("display_name").lower() in account.display_name.lower()

    def _entity(self, call: Call, report: Report) -> dict[str, object]:
        found = [call.network.statuses.get(item) for item in report.status_ids]
        statuses: list[Status] = [status for status in found if status is not None]
        return call.network.render.admin_report(report, statuses)

    def _on_report(self, change: Callable[[Call, Report], None] | None) -> Callable[[Call], Answer]:
        def handler(call: Call) -> Answer:
            report = self._moderation.reports.get(call.named())
            if report is None:
                raise not_found()
            if change is not None:
                change(call, report)
            return Answer(self._entity(call, report))

        return handler

    def _on_account(self, mark: str) -> Callable[[Call], Answer]:
        def handler(call: Call) -> Answer:
            account = call.target()
            if mark:
                setattr(account, mark, mark == "approved")
                call.network.touch(account)
            return Answer(call.network.render.admin_account(account))

        return handler

    def _assign(self, call: Call, report: Report) -> None:
        self._moderation.assign(report, call.account)

    def _unassign(self, _call: Call, report: Report) -> None:
        self._moderation.assign(report, None)

    def _resolve(self, call: Call, report: Report) -> None:
        self._moderation.resolve(report, call.account)

    def _reopen(self, _call: Call, report: Report) -> None:
        self._moderation.reopen(report)

    @staticmethod
    def _update(call: Call, report: Report) -> None:
        category = call.given.text("category", report.category)
        if category not in CATEGORIES:
            raise invalid("Category is not included in the list")
        report.category = category
