"""Hand pip's configuration to uv, so that a machine set up for pip needs nothing more; it is never written down."""

from __future__ import annotations

import configparser
import os
import sys
from pathlib import Path
from typing import Dict, Iterator, List, Mapping
from urllib.parse import unquote, urlsplit

OWN_SETTINGS = ("UV_INDEX", "UV_DEFAULT_INDEX", "UV_INDEX_URL", "UV_EXTRA_INDEX_URL", "UV_FIND_LINKS", "UV_CONFIG_FILE")
DOWNLOAD_SECONDS = "120"


def configuration_files(environment: Mapping[str, str]) -> Iterator[Path]:
    """The files pip would read, weakest first, whether they exist or not (pip's documentation, "Configuration")."""
    named = environment.get("PIP_CONFIG_FILE", "")
    if named == os.devnull:
        return
    home = Path.home()
    if os.name == "nt":
        yield Path(environment.get("PROGRAMDATA", "C:/ProgramData")) / "pip" / "pip.ini"
        user = [home / "pip" / "pip.ini", Path(environment.get("APPDATA", home)) / "pip" / "pip.ini"]
    elif sys.platform == "darwin":
        yield Path("/Library/Application Support/pip/pip.conf")
        native = home / "Library" / "Application Support" / "pip"
        folder = native if native.is_dir() else home / ".config" / "pip"
        user = [home / ".pip" / "pip.conf", folder / "pip.conf"]
    else:
        for shared in environment.get("XDG_CONFIG_DIRS", "/etc/xdg").split(os.pathsep):
            yield Path(shared) / "pip" / "pip.conf"
        yield Path("/etc/pip.conf")
        folder = Path(environment.get("XDG_CONFIG_HOME") or home / ".config")
        user = [home / ".pip" / "pip.conf", folder / "pip" / "pip.conf"]
    if not (named and Path(named).exists()):
        yield from user
    yield Path(sys.prefix) / ("pip.ini" if os.name == "nt" else "pip.conf")
    if named:
        yield Path(named)


def pip_settings(environment: Mapping[str, str]) -> Dict[str, str]:
    """pip's options by their long names, as `pip install` would see them: files, then PIP_ variables."""
    settings: Dict[str, str] = {}
    for section in ("global", "install"):
        for path in configuration_files(environment):
            parser = configparser.RawConfigParser()
            try:
                parser.read(path, encoding="utf-8")
            except (OSError, configparser.Error, UnicodeDecodeError):
                continue
            if parser.has_section(section):
                settings.update({name.replace("_", "-"): value for name, value in parser.items(section)})
    for name, value in environment.items():
        if name.startswith("PIP_") and value:
            settings[name[4:].lower().replace("_", "-")] = value
    return settings


def reachable(place: str) -> bool:
    """False for a local folder that does not exist: pip passes over it, uv would stop there."""
    if place.startswith("file:"):
        place = unquote(urlsplit(place).path)
    elif "://" in place:
        return True
    return Path(place).expanduser().exists()


def places(value: str) -> List[str]:
    """The addresses and folders in one of pip's options of several values."""
    return [place for place in value.split() if reachable(place)]


def uv_settings(environment: Mapping[str, str]) -> Dict[str, str]:
    """The UV_ variables (and a certificate file) that say to uv what this machine says to pip.

    What is set for uv itself is left alone. Several indexes are searched as pip does, for the best match in all of
    them; the hashes of the lock decide what may be installed, so no index can slip in something else under its name.
    """
    pip = pip_settings(environment)
    wanted = {"UV_HTTP_TIMEOUT": DOWNLOAD_SECONDS, "UV_SYSTEM_CERTS": "true", "UV_NATIVE_TLS": "true"}
    if not configures_uv(environment):
        extra = places(pip.get("extra-index-url", ""))
        wanted["UV_DEFAULT_INDEX"] = pip.get("index-url", "")
        wanted["UV_INDEX"] = " ".join(extra)
        wanted["UV_INDEX_STRATEGY"] = "unsafe-best-match" if extra else ""
        wanted["UV_FIND_LINKS"] = ",".join(places(pip.get("find-links", "")))
        wanted["UV_NO_INDEX"] = "true" if is_true(pip.get("no-index", "")) else ""
        wanted["UV_INSECURE_HOST"] = " ".join(pip.get("trusted-host", "").split())
    wanted["SSL_CERT_FILE"] = existing(pip.get("cert", ""))
    wanted["SSL_CLIENT_CERT"] = existing(pip.get("client-cert", ""))
    proxy = pip.get("proxy", "")
    wanted["HTTP_PROXY"] = wanted["HTTPS_PROXY"] = proxy if "://" in proxy or not proxy else f"http://{proxy}"
    return {name: value for name, value in wanted.items() if value and not environment.get(name)}


def configures_uv(environment: Mapping[str, str]) -> bool:
    """Whether this machine tells uv itself where packages come from, which then is the last word."""
    if any(environment.get(name) for name in OWN_SETTINGS):
        return True
    if os.name == "nt":
        folders = [environment.get("APPDATA", ""), environment.get("PROGRAMDATA", "")]
    else:
        folders = [environment.get("XDG_CONFIG_HOME") or str(Path.home() / ".config"), "/etc"]
    return any(folder and (Path(folder) / "uv" / "uv.toml").is_file() for folder in folders)


def is_true(value: str) -> bool:
    """pip's reading of a switch."""
    return value.strip().lower() in {"1", "y", "yes", "t", "true", "on"}


def existing(place: str) -> str:
    """The path if there is such a file, otherwise nothing."""
    return place if place and Path(place).expanduser().is_file() else ""
