"""The table in docs/ is what the manifests say."""

from workstation.connectors import table


def test_the_table_is_up_to_date() -> None:
    assert table.main(["--check"]) == 0
    assert table.FILE.read_text(encoding="utf-8") == table.text()
