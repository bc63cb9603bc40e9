"""The page of people's data: four tabs."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QTabWidget, QVBoxLayout, QWidget

from workstation.i18n import _
from workstation.views.privacy.people import PeopleSection
from workstation.views.privacy.records import EvidenceSection, HoldsSection
from workstation.views.privacy.retention import RetentionSection
from workstation.views.widgets.labels import Paragraph
from workstation.views.widgets.retranslating import Retranslating


class PrivacyPage(Retranslating):
    """Composes the sections."""

    turned = Signal()
    """Another tab is shown."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "page")
        self._title = Paragraph()
        self._title.setProperty("role", "title")
        self.people, self.retention = PeopleSection(), RetentionSection()
        self.holds, self.evidence = HoldsSection(), EvidenceSection()
        self.tabs = QTabWidget()
        for part in (self.people, self.retention, self.holds, self.evidence):
            self.tabs.addTab(part, "")
        self.tabs.currentChanged.connect(lambda _index: self.turned.emit())
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 8, 16, 16)
        column.setSpacing(10)
        column.addWidget(self._title)
        column.addWidget(self.tabs, 1)
        self.setFocusProxy(self.people.field)
        self.retranslate()

    def retranslate(self) -> None:
        """Write the texts in the language spoken now."""
        self._title.setText(_("People’s data"))
        self.setAccessibleName(_("People’s data"))
        self.tabs.setAccessibleName(_("People’s data"))
        for index, name in enumerate((_("People"), _("Retention"), _("Legal holds"), _("Evidence"))):
            self.tabs.setTabText(index, name)
