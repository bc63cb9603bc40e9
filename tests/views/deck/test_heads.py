"""Column heads at their usual width: titles fit in every language that is complete, else they say themselves whole."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.i18n.audit import in_language
from tests.views.deck.world import entry
from workstation.domain.channels import Condition, Health
from workstation.i18n import PSEUDO_ACCENTED, PSEUDO_MIRRORED, plain, render
from workstation.services.presets import PRESETS
from workstation.services.settings import Density, Theme
from workstation.views import theme
from workstation.views.deck.header import ColumnHeader
from workstation.views.deck.health import filling, worst
from workstation.views.widgets.labels import Elided


def head(qtbot: QtBot, title: str, summary: str) -> ColumnHeader:
    made = ColumnHeader()
    qtbot.addWidget(made)
    made.resize(theme.current().measures.column - 2, made.height())
    made.show_column("inbox", title, summary, written=False)
    made.show_practice(True)
    made.show_health(Condition.LIVE)
    made.show_count(128)
    made.show()
    return made


def cut(label: Elided) -> bool:
    return label.fontMetrics().horizontalAdvance(label.text()) > label.contentsRect().width()


@pytest.mark.parametrize("scale", [100, 150, 200])
@pytest.mark.parametrize("tag", ["en", "de", "nl", PSEUDO_ACCENTED, PSEUDO_MIRRORED])
def test_titles(qapp: QApplication, qtbot: QtBot, look: theme.Look, tag: str, scale: int) -> None:
    theme.apply(qapp, Theme.DARK, Density.COSY, scale)
    with in_language(qapp, tag):
        for preset in PRESETS:
            title = render(preset.title)
            made = head(qtbot, title, render(preset.summary))
            QApplication.processEvents()
            for label in made.findChildren(Elided):
                whole = plain(label.accessibleName() or label.text())
                assert not cut(label) or plain(label.toolTip()) == whole, (preset.id, whole)
            if tag in ("en", "de", "nl") and scale == 100:
                assert not any(cut(label) for label in made.findChildren(Elided)), preset.id
            made.close()
    qapp.setLayoutDirection(Qt.LayoutDirection.LeftToRight)


def test_a_column_tells_of_its_own_channels() -> None:
    rows = [entry(1, channel=1)]
    streams, asked = Health(1, Condition.LIVE), Health(2, Condition.POLLING)
    assert worst(filling((streams, asked), rows))[0] is Condition.LIVE
    assert worst(filling((streams, asked), []))[0] is Condition.LIVE
    assert worst(filling((streams, Health(2, Condition.WAITING)), rows))[0] is Condition.LIVE
    assert worst(filling((streams, Health(2, Condition.SIGN_IN)), rows))[0] is Condition.SIGN_IN
