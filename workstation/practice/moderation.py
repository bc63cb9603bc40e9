"""Reports, and what moderators do about them."""

from workstation.practice.model import Account, Report
from workstation.practice.network import Network
from workstation.practice.timeline import Timeline

CATEGORIES = ("other", "spam", "legal", "violation")
ACTIONS = ("none", "disable", "sensitive", "silence", "suspend")
REPORTS_KEPT = 10_000


class Moderation:
    """All reports of a network, and the actions on accounts."""

    def __init__(self, network: Network) -> None:
        self._network = network
        self.reports: dict[int, Report] = {}
        self.order = Timeline(REPORTS_KEPT)
        self._last = 0

    def report(
        self,
        reporter: Account,
        target: Account,
        comment: str,
        category: str,
        status_ids: tuple[int, ...],
        rule_ids: tuple[str, ...] = (),
        *,
        forwarded: bool = False,
    ) -> Report:
        """File a report and tell the moderators."""
        now = self._network.clock.now_ms()
        report = Report(
            self._last + 1, reporter, target, category, comment, now, now, status_ids, rule_ids, forwarded=forwarded
        )
        self.recall(report)
        for account in self.staff():
            self._network.delivery.notify(account, "admin.report", reporter, report=report)
        return report

    def recall(self, report: Report) -> None:
        """Keep a report without telling."""
        self._last = max(self._last, report.id)
        self.reports[report.id] = report
        self.order.add(report.id)
        if len(self.reports) > REPORTS_KEPT:
            del self.reports[next(iter(self.reports))]

    def staff(self) -> list[Account]:
        """Return the accounts that moderate."""
        return [box.account for box in self._network.boxes.values() if box.account.role]

    def assign(self, report: Report, account: Account | None) -> None:
        """Give a report to a moderator, or to nobody."""
        report.assigned = account
        report.updated_at = self._network.clock.now_ms()

    def resolve(self, report: Report, account: Account) -> None:
        """Close a report."""
        report.resolved_by = account
        report.resolved_at = report.updated_at = self._network.clock.now_ms()

    def reopen(self, report: Report) -> None:
        """Open a report again."""
        report.resolved_by = report.resolved_at = None
        report.updated_at = self._network.clock.now_ms()

    def act(self, moderator: Account, target: Account, kind: str, report: Report | None) -> None:
        """Apply a measure to an account; a report that led to it is resolved with it."""
        target.disabled = target.disabled or kind == "disable"
        target.sensitized = target.sensitized or kind == "sensitive"
        target.silenced = target.silenced or kind == "silence"
        target.suspended = target.suspended or kind == "suspend"
        self._network.touch(target)
        if report is not None:
            self.resolve(report, moderator)
