"""A start pays for every module: what may be imported before the first columns show their rows, and what may not."""

import asyncio
import json
import subprocess
import sys
from pathlib import Path

from tests.store.factories import batch, channel, mention
from workstation.services.columns import ColumnSpec
from workstation.services.feed import Feed
from workstation.services.layout import Layout
from workstation.services.profile import Profile
from workstation.store.store import Store

ROOT = Path(__file__).resolve().parents[2]
LATER = (
    "aiohttp", "peewee", "psycopg", "regex", "numpy", "pyqtgraph", "spylls", "keyring",
    "babel.messages", "workstation.cli", "workstation.connectors", "workstation.net", "workstation.providers",
    "workstation.practice", "workstation.store.schema", "workstation.store.ingest", "workstation.store.outbox",
    "workstation.services.supervisor", "workstation.services.outbox", "workstation.services.drafting",
    "workstation.services.kpi", "workstation.services.rules", "workstation.views.bulk", "workstation.views.case.panel",
    "workstation.views.case.composer", "workstation.views.helping", "workstation.views.kpi",
    "workstation.views.palette", "workstation.views.posting", "workstation.views.rules", "workstation.views.settings",
    "workstation.views.templates", "workstation.views.deck_desk",
)  # fmt: skip
"""With all that is in them."""
MOST = 150
"""Modules of ours; there were 132 when this was written, and 320 before parts of the desk came later."""
START = """
import json, sys
from main import main
from workstation.app import first

appear = first.appear

def appeared(words):
    from PySide6.QtCore import QTimer

    moment = appear(words)
    looking = QTimer(moment.frame)

    def look():
        content = moment.frame.centralWidget()
        page = content.widget("page.deck") if content is not None else None
        columns = page.deck.columns if page is not None else []
        if columns and all(column.view.model.rows and column.view.painted for column in columns):
            looking.stop()
            print(json.dumps(sorted(sys.modules)))
            content.close()

    looking.timeout.connect(look)
    looking.start(1)
    return moment

first.appear = appeared
sys.argv = ["main.py", "--profile", sys.argv[1]]
sys.exit(main())
"""


async def _prepare(profile: Profile) -> None:
    profile.prepare()
    store = await Store.open(profile.database, Feed().publish)
    await store.channels.add(channel())
    (known,) = await store.channels.list()
    await store.messages.accept(known, batch(*(mention(str(number)) for number in range(30))))
    await store.close()
    Layout(profile.layout, profile.window).save([ColumnSpec("one"), ColumnSpec("two")])


def test_columns_come_before_everything_that_can_wait(tmp_path: Path) -> None:
    asyncio.run(_prepare(Profile(tmp_path)))
    ran = subprocess.run(
        [sys.executable, "-c", START, str(tmp_path)], cwd=ROOT, capture_output=True, text=True, timeout=120, check=False
    )
    assert ran.returncode == 0, ran.stderr
    imported = json.loads(ran.stdout.splitlines()[0])
    early = [name for name in imported for later in LATER if name == later or name.startswith(f"{later}.")]
    assert not early
    assert len([name for name in imported if name.startswith("workstation")]) <= MOST
