"""The deck in pseudo-locales: nothing untranslated, cut off or without a name, at every scale."""

import pytest
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.i18n.audit import audit, in_language, report
from tests.views.deck.test_deck_page import Deck
from tests.views.deck.world import World, entry, finish
from workstation.domain.channels import Condition, Health
from workstation.i18n import PSEUDO_ACCENTED, PSEUDO_MIRRORED, load_language, plain
from workstation.services.settings import Density, Theme
from workstation.views import theme
from workstation.views.deck.add_column import AddColumn

STRANGERS = ("lang:de", "German")


@pytest.mark.parametrize("scale", [100, 150, 200])
@pytest.mark.parametrize("tag", [PSEUDO_ACCENTED, PSEUDO_MIRRORED])
def test_no_faults(qapp: QApplication, qtbot: QtBot, world: World, look: theme.Look, tag: str, scale: int) -> None:
    QAccessible.setActive(True)
    theme.apply(qapp, Theme.DARK, Density.COSY, scale)
    world.pages.fill(entry(number) for number in range(1, 61))
    deck = Deck(qtbot, world)
    deck.page.resize(1_400, 900)
    with in_language(qapp, tag):
        deck.page.show_health((Health(1, Condition.LIVE, lag=9_000_000),))
        deck.page.show_practice(True)
        deck.page.columns[1].toggle_pause()
        world.pages.put(entry(500))
        deck.page.columns[2].edit()
        deck.settle()
        faults = audit(deck.page, lambda text: any(known in text for known in STRANGERS))
        assert not faults, report(faults)
    deck.close()


def test_cards_speak_the_new_language_at_once(qapp: QApplication, qtbot: QtBot, world: World, look: theme.Look) -> None:
    world.pages.fill(entry(number) for number in range(1, 61))
    deck = Deck(qtbot, world)
    view = deck.page.columns[1].view
    view.scroll_by(700)
    place = [(row.ident, row.y) for row in view.placed]
    with in_language(qapp, "de"):
        deck.settle()
        german = load_language("de").gettext("Needs reply")
        assert german != "Needs reply"
        assert deck.page.columns[0].title == german
        said = [chip.text for row in view.placed for chip in view.card(row.index).content.chips]
        assert not {"Answered", "Snoozed"} & set(said)
        assert [(row.ident, row.y) for row in view.placed] == place
    assert deck.page.columns[0].title == "Needs reply"
    deck.close()


def test_the_form_for_a_new_column(qapp: QApplication, qtbot: QtBot, world: World, look: theme.Look) -> None:
    deck = Deck(qtbot, world)
    with in_language(qapp, PSEUDO_ACCENTED):
        sheet = AddColumn(world.columns, finish, deck.page)
        sheet.open()
        presets = {plain(sheet.list.item(row).text()) for row in range(sheet.list.count())}
        assert all("[" in text for text in presets)
        faults = audit(sheet, lambda text: text.startswith(("is:", "kind:", "source:")))
        assert not faults, report(faults)
        sheet.reject()
    deck.close()
