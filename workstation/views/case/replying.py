"""Beginning a reply: to whom, why not, and with a template from the start."""

from collections.abc import Callable

from workstation.domain.cases import Entry
from workstation.domain.channels import Capabilities
from workstation.domain.messages import Kind
from workstation.domain.outbox import Act
from workstation.domain.text import LazyText, lazy
from workstation.views.case.composer import Composer
from workstation.views.case.panel import CasePanel


def unanswerable(entry: Entry | None, capabilities: Capabilities | None = None) -> LazyText | None:
    """Why an entry cannot be answered on a channel that can do what is known, or None."""
    if entry is None:
        return lazy("Select a message first.")
    if entry.message.kind is Kind.REPORT:
        return lazy("A report is not answered: act on it, write a note, or resolve it.")
    if entry.message.deleted_at:
        return lazy("The message was deleted on the network.")
    offer = capabilities.offer(Act.REPLY) if capabilities is not None else None
    if offer is not None and not offer.available:
        return offer.reason or lazy("This channel cannot be answered.")
    return None


class Replying:
    """Joins what one looks at with the composer."""

    def __init__(
        self,
        panel: CasePanel,
        composer: Composer,
        current: Callable[[], Entry | None],
        open_entry: Callable[[Entry], None],
    ) -> None:
        self._panel, self._composer = panel, composer
        self._current, self._open_entry = current, open_entry
        self._query: str | None = None
        """What to look for among the templates once the reply is open; None for nothing."""
        composer.opened.connect(self._template_once)

    def reply(self) -> None:
        """Answer what one looks at: of a conversation, the customer's latest words."""
        entry = self._current()
        if entry is None:
            return
        if self._panel.entry is None:
            self._open_entry(entry)
        theirs = [found for found in self._panel.entries if not found.message.own and not found.message.deleted_at]
        if entry.message.own and theirs:
            entry = theirs[-1]
        self._composer.open_reply(entry, self._panel.entries)

    def template(self, query: str = "") -> None:
        """Choose a template, looked for by `query` at first; without an open reply it begins one."""
        if self._composer.entry is not None:
            self._composer.insert_template(query)
        elif self._current() is not None:
            self._query = query
            self.reply()

    def _template_once(self) -> None:
        query, self._query = self._query, None
        if query is not None:
            self._composer.insert_template(query)
