"""pip's configuration reaches uv, and nothing else does."""

import os
from pathlib import Path

import package_index
import pytest

OF_UV_ALWAYS = {"UV_HTTP_TIMEOUT", "UV_SYSTEM_CERTS", "UV_NATIVE_TLS"}


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """Variables of a machine whose configuration lies in a folder of ours, and is empty."""
    return {
        "XDG_CONFIG_HOME": str(tmp_path / "user"),
        "XDG_CONFIG_DIRS": str(tmp_path / "machine"),
        "APPDATA": str(tmp_path / "user"),
        "PROGRAMDATA": str(tmp_path / "machine"),
        "PIP_CONFIG_FILE": str(tmp_path / "pip.conf"),
    }


def settings(environment: dict[str, str], text: str = "") -> dict[str, str]:
    """What uv is told where the file PIP_CONFIG_FILE names holds `text`."""
    Path(environment["PIP_CONFIG_FILE"]).write_text(text, encoding="utf-8")
    found = package_index.uv_settings(environment)
    return {name: value for name, value in found.items() if name not in OF_UV_ALWAYS}


def test_index_of_a_file_becomes_uvs_default(environment: dict[str, str]) -> None:
    told = settings(environment, "[global]\nindex-url = https://mirror.example/pypi\n")
    assert told["UV_DEFAULT_INDEX"] == "https://mirror.example/pypi"


def test_install_section_overrides_global_and_variable_overrides_both(environment: dict[str, str]) -> None:
    text = "[install]\nindex_url = https://b.example/\n[global]\nindex-url = https://a.example/\n"
    assert settings(environment, text)["UV_DEFAULT_INDEX"] == "https://b.example/"
    environment["PIP_INDEX_URL"] = "https://c.example/"
    assert settings(environment, text)["UV_DEFAULT_INDEX"] == "https://c.example/"


def test_extra_indexes_are_searched_for_the_best_match(environment: dict[str, str]) -> None:
    environment["PIP_EXTRA_INDEX_URL"] = "https://a.example/ https://b.example/"
    told = settings(environment)
    assert told["UV_INDEX"] == "https://a.example/ https://b.example/"
    assert told["UV_INDEX_STRATEGY"] == "unsafe-best-match"


def test_local_folders_that_do_not_exist_are_left_out(environment: dict[str, str], tmp_path: Path) -> None:
    folder = tmp_path / "wheels"
    folder.mkdir()
    environment["PIP_FIND_LINKS"] = f"{folder} {tmp_path / 'gone'} {(tmp_path / 'away').as_uri()} {folder.as_uri()}"
    assert settings(environment)["UV_FIND_LINKS"].split(",") == [str(folder), folder.as_uri()]


def test_no_configuration_tells_nothing(environment: dict[str, str]) -> None:
    environment["PIP_CONFIG_FILE"] = os.devnull
    assert set(package_index.uv_settings(environment)) == OF_UV_ALWAYS


def test_what_is_said_to_uv_itself_is_the_last_word(environment: dict[str, str], tmp_path: Path) -> None:
    text = "[global]\nindex-url = https://a.example/\n"
    assert "UV_DEFAULT_INDEX" not in settings({**environment, "UV_INDEX_URL": "https://own.example/"}, text)
    (tmp_path / "user" / "uv").mkdir(parents=True)
    (tmp_path / "user" / "uv" / "uv.toml").touch()
    assert "UV_DEFAULT_INDEX" not in settings(environment, text)


def test_certificates_proxies_and_trusted_hosts_carry_over(environment: dict[str, str], tmp_path: Path) -> None:
    bundle = tmp_path / "authority.pem"
    bundle.touch()
    text = f"[global]\ncert = {bundle.as_posix()}\nproxy = proxy.example:3128\ntrusted-host = a.example\n  b.example\n"
    told = settings(environment, text)
    assert Path(told["SSL_CERT_FILE"]) == bundle
    assert told["HTTPS_PROXY"] == told["HTTP_PROXY"] == "http://proxy.example:3128"
    assert told["UV_INSECURE_HOST"] == "a.example b.example"
    assert "SSL_CERT_FILE" not in settings({**environment, "SSL_CERT_FILE": "other.pem"}, text)


def test_a_broken_file_is_passed_over(environment: dict[str, str]) -> None:
    assert settings(environment, "no section at all") == settings(environment, "")
