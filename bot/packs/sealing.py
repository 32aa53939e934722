"""The seal of a pack: one digest of what it is made of and of what checks it."""

import sys
from collections.abc import Iterator
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path

from bot.packs.folder import Files

# Whatever a check asks: our own rules, and the libraries that read, know or count something for them.
_RULES = (Path(__file__).parent, Path(__file__).parent.parent / "domain")
_LIBRARIES = ("holidays", "jinja2", "pydantic", "rule-engine", "ruamel.yaml", "tzdata")


def seal(files: Files) -> str:
    """Return the digest of a pack's files, of Tocsin's rules for packs and of the libraries that these rest on.

    A check is a function of nothing else, unless it is asked what is old by a day: packs with one seal are equally sound,
    and become the same policy.
    """
    digest = sha256()
    for name, content in _parts(files):
        for part in (name.encode(), content):
            digest.update(len(part).to_bytes(8, "big") + part)
    return digest.hexdigest()


def _parts(files: Files) -> Iterator[tuple[str, bytes]]:
    yield from sorted(files.yaml.items())
    yield from ((name, text.encode()) for name, text in sorted(files.templates.items()))
    yield "problems", "\n".join(map(str, files.problems)).encode()
    yield "python", sys.version.encode()
    yield from ((name, version(name).encode()) for name in _LIBRARIES)
    for folder in _RULES:
        for path in sorted(folder.rglob("*.py")):
            yield path.relative_to(folder).as_posix(), path.read_bytes()
