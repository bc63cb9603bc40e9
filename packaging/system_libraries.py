"""What the desk needs of the operating system on Linux: find what is missing, install it with apt if allowed."""

from __future__ import annotations

import ctypes
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Dict, List, NamedTuple, Sequence, Tuple

# What Qt is linked against, by file name, with the names of its Debian package: the first that apt knows is taken.
LIBRARIES: Dict[str, Tuple[str, ...]] = {
    "libglib-2.0.so.0": ("libglib2.0-0t64", "libglib2.0-0"),
    "libGL.so.1": ("libgl1",),
    "libEGL.so.1": ("libegl1",),
    "libxkbcommon.so.0": ("libxkbcommon0",),
    "libdbus-1.so.3": ("libdbus-1-3",),
    "libfontconfig.so.1": ("libfontconfig1",),
    "libfreetype.so.6": ("libfreetype6",),
}
SCREEN_LIBRARIES: Dict[str, Tuple[str, ...]] = {
    "libxcb-cursor.so.0": ("libxcb-cursor0",),
    "libxkbcommon-x11.so.0": ("libxkbcommon-x11-0",),
    "libxcb-icccm.so.4": ("libxcb-icccm4",),
    "libxcb-image.so.0": ("libxcb-image0",),
    "libxcb-keysyms.so.1": ("libxcb-keysyms1",),
    "libxcb-randr.so.0": ("libxcb-randr0",),
    "libxcb-render-util.so.0": ("libxcb-render-util0",),
    "libxcb-shape.so.0": ("libxcb-shape0",),
    "libX11-xcb.so.1": ("libx11-xcb1",),
}
# What customers write in: a pattern of fontconfig that must match some font, and the Debian package that brings one.
FONTS: Dict[str, Tuple[str, str]] = {
    "Latin": (":lang=en", "fonts-noto-core"),
    "Arabic": (":lang=ar", "fonts-noto-core"),
    "Hebrew": (":lang=he", "fonts-noto-core"),
    "Hindi": (":lang=hi", "fonts-noto-core"),
    "Thai": (":lang=th", "fonts-noto-core"),
    "Chinese": (":lang=zh-cn", "fonts-noto-cjk"),
    "Japanese": (":lang=ja", "fonts-noto-cjk"),
    "Korean": (":lang=ko", "fonts-noto-cjk"),
    "emoji": (":charset=1f600", "fonts-noto-color-emoji"),
}
BUNDLE = Path("/etc/ssl/certs/ca-certificates.crt")
BUNDLES = (BUNDLE, Path("/etc/pki/tls/certs/ca-bundle.crt"), Path("/etc/ssl/ca-bundle.pem"), Path("/etc/ssl/cert.pem"))
LOCK_SECONDS = 300


class Missing(NamedTuple):
    """What was not found: libraries by file, fonts by what they show, and the Debian packages that bring them."""

    libraries: Tuple[str, ...]
    fonts: Tuple[str, ...]
    packages: Tuple[Tuple[str, ...], ...]

    def __bool__(self) -> bool:
        return bool(self.packages)

    def __str__(self) -> str:
        """In words, for a message of one line."""
        fonts = f"fonts for {', '.join(self.fonts)}" if self.fonts else ""
        certificates = "trusted certificates" if ("ca-certificates",) in self.packages else ""
        return ", ".join(part for part in (*self.libraries, fonts, certificates) if part)


class Apt(NamedTuple):
    """How apt-get may be called: the words in front of it, or `allowed` False if this user may not."""

    allowed: bool
    prefix: Tuple[str, ...]


def loads(library: str) -> bool:
    """Whether the dynamic linker finds a library."""
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def font_matches(patterns: Sequence[str]) -> Dict[str, bool]:
    """For each fontconfig pattern whether an installed font matches; all False without fontconfig. Fills its cache."""
    try:
        library = ctypes.CDLL("libfontconfig.so.1")
    except OSError:
        return dict.fromkeys(patterns, False)
    for name in ("FcNameParse", "FcObjectSetCreate", "FcFontList"):
        getattr(library, name).restype = ctypes.c_void_p
    library.FcNameParse.argtypes = [ctypes.c_char_p]
    library.FcObjectSetAdd.argtypes = [ctypes.c_void_p, ctypes.c_char_p]
    library.FcFontList.argtypes = [ctypes.c_void_p] * 3
    library.FcFontSetDestroy.argtypes = library.FcPatternDestroy.argtypes = [ctypes.c_void_p]
    library.FcInitReinitialize()
    objects = library.FcObjectSetCreate()
    library.FcObjectSetAdd(objects, b"family")
    found = {}
    for text in patterns:
        pattern = library.FcNameParse(text.encode())
        fonts = library.FcFontList(None, pattern, objects)
        # FcFontSet begins with its count of fonts, an int.
        found[text] = bool(fonts) and ctypes.cast(fonts, ctypes.POINTER(ctypes.c_int))[0] > 0
        if fonts:
            library.FcFontSetDestroy(fonts)
        library.FcPatternDestroy(pattern)
    return found


def missing(screen: bool) -> Missing:
    """What the desk would lack here, with `screen` what a window needs too. Nothing is ever missing off Linux."""
    if not sys.platform.startswith("linux"):
        return Missing((), (), ())
    wanted = {**LIBRARIES, **(SCREEN_LIBRARIES if screen else {})}
    libraries = tuple(name for name in wanted if not loads(name))
    found = font_matches([pattern for pattern, _ in FONTS.values()])
    fonts = tuple(name for name, (pattern, _) in FONTS.items() if not found[pattern])
    packages = [wanted[name] for name in libraries] + [(FONTS[name][1],) for name in fonts]
    if certificate_bundle() is None:
        packages.append(("ca-certificates",))
    return Missing(libraries, fonts, tuple(dict.fromkeys(packages)))


def certificate_bundle() -> Path | None:
    """The file of trusted certificates that programs here read by default, None if there is none."""
    named = os.environ.get("SSL_CERT_FILE")
    for path in (*([Path(named)] if named else []), *BUNDLES):
        if path.is_file() and path.stat().st_size:
            return path
    return None


def certificates(path: Path) -> List[str]:
    """The certificates of a bundle, each as its PEM text; none if there is no such file."""
    if not path.is_file():
        return []
    end = "-----END CERTIFICATE-----"
    parts = path.read_text(encoding="utf-8", errors="replace").split(end)[:-1]
    return [part[part.index("-----BEGIN") :] + end for part in parts if "-----BEGIN" in part]


def apt() -> Apt | None:
    """How to call apt-get: as root, or by sudo that asks nothing; None where there is no apt."""
    if shutil.which("apt-get") is None:
        return None
    if os.geteuid() == 0:
        return Apt(True, ())
    sudo = shutil.which("sudo")
    if sudo and subprocess.run([sudo, "-n", "true"], capture_output=True, check=False).returncode == 0:
        return Apt(True, (sudo, "-n"))
    return Apt(False, ("sudo",))


def known_to_apt(names: Sequence[str]) -> List[str]:
    """Those of the packages that apt could install."""
    answer = subprocess.run(
        ["apt-cache", "policy", *names], capture_output=True, text=True, check=False, env={**os.environ, "LC_ALL": "C"}
    )
    known, name = [], ""
    for line in answer.stdout.splitlines():
        if line and not line.startswith(" "):
            name = line.split(":")[0]
        elif line.strip().startswith("Candidate:") and "(none)" not in line:
            known.append(name)
    return known


def chosen(packages: Sequence[Sequence[str]]) -> List[str]:
    """One name of each group of names: the first that apt knows, or else the last, which is the oldest."""
    known = set(known_to_apt([name for group in packages for name in group]))
    names = [next((name for name in group if name in known), group[-1]) for group in packages]
    return list(dict.fromkeys(names))


def install_line(packages: Sequence[Sequence[str]]) -> str:
    """What a person would type; a machine without sudo gets its commands as root."""
    become = "sudo " if shutil.which("sudo") else ""
    install = f"{become}apt-get install -y --no-install-recommends {' '.join(chosen(packages))}"
    return f"{become}apt-get update && {install}"


def install(how: Apt, packages: Sequence[Sequence[str]], log: Path) -> bool:
    """Run apt, its output into `log`; False if it reported an error."""
    base = [*how.prefix, "env", "DEBIAN_FRONTEND=noninteractive", "LC_ALL=C.UTF-8"]
    base += ["apt-get", "-o", f"DPkg::Lock::Timeout={LOCK_SECONDS}"]
    trusted = certificates(BUNDLE)
    with log.open("wb") as output:

        def run(*words: str) -> int:
            return subprocess.call([*base, *words], stdin=subprocess.DEVNULL, stdout=output, stderr=output)

        run("update")  # one unreachable source of many is no reason to stop; what is missing shows in the next line
        done = run("install", "-y", "--no-install-recommends", *chosen(packages)) == 0
    restore_certificates(how, trusted)
    return done


def restore_certificates(how: Apt, trusted: Sequence[str]) -> None:
    """Put back the certificates that were in the machine's bundle by hand and went when ca-certificates came with pip.

    Without a company's own authority its network would be unreachable, for us and for everything else here.
    """
    now = set(certificates(BUNDLE))
    lost = [certificate for certificate in trusted if certificate not in now]
    if lost:
        append = [*how.prefix, "tee", "-a", str(BUNDLE)]
        subprocess.run(append, input="\n".join(lost) + "\n", text=True, stdout=subprocess.DEVNULL, check=False)
