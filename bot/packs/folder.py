"""The files of a pack, taken from the disk within bounds: nothing huge, nothing from elsewhere, nothing half-read."""

import stat
from dataclasses import dataclass, field
from pathlib import Path

from bot.packs.problems import Problem

SUFFIX = ".txt.j2"
MAX_FILES = 200
MAX_BYTES = 1_000_000
MAX_TEMPLATE = 20_000
# A folder with more names in it than this is not a pack, and is not read to its end.
MAX_NAMES = 5_000


@dataclass(slots=True, kw_only=True)
class Files:
    """What a pack is made of: its YAML as bytes, its texts by name, and which files could not be taken."""

    yaml: dict[str, bytes] = field(default_factory=dict)
    templates: dict[str, str] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)


def gather(folder: Path) -> Files:
    """Read the files of a pack. A file that is too large is refused by its size, before a byte of it is read."""
    files = Files()
    if not folder.is_dir():
        found, expected = "no such folder", "a folder with the YAML files of a pack"
        if folder.exists():
            found = "a file"
        files.problems.append(Problem(file=str(folder), found=found, expected=expected, rule="file"))
        return files
    left = MAX_BYTES
    for path in _listed(folder, files):
        if path.suffix == ".yml":
            files.problems.append(
                Problem(
                    file=path.name, found="a file that ends in .yml", expected=f"{path.stem}.yaml",
                    hint="only .yaml files are read", rule="file",
                )
            )  # fmt: skip
        elif path.suffix == ".yaml" and (raw := _taken(path, path.name, folder, left, files)) is not None:
            files.yaml[path.name] = raw
            left -= len(raw)
    for path in _listed(folder / "templates", files):
        if path.name.endswith(SUFFIX):
            _template(path, folder, files)
    if not files.yaml and not files.problems:
        files.problems.append(
            Problem(file=str(folder), found="no .yaml file", expected="the YAML files of a pack", rule="file")
        )
    return files


def _listed(folder: Path, files: Files) -> list[Path]:
    """Return the pack's own files in a folder, in order; other names in it are nobody's business here."""
    wanted: list[Path] = []
    try:
        for count, path in enumerate(folder.iterdir() if folder.is_dir() else ()):
            if count >= MAX_NAMES:
                break
            if path.name.endswith((".yaml", ".yml", SUFFIX)) and not path.name.startswith("."):
                wanted.append(path)
    except OSError as error:
        files.problems.append(_unreadable(folder.name, error))
    if len(wanted) > MAX_FILES:
        found, expected = f"{len(wanted)} files", f"at most {MAX_FILES} in a folder"
        files.problems.append(Problem(file=str(folder), found=found, expected=expected, rule="file"))
        return []
    return sorted(wanted)


def _taken(path: Path, name: str, folder: Path, most: int, files: Files) -> bytes | None:
    """Return what a file holds, or None with a problem: it is not the pack's own, too large, or not to be read."""
    try:
        real = path.resolve(strict=True)
        if not real.is_relative_to(folder.resolve()):
            files.problems.append(
                Problem(
                    file=name, found="a link to outside the pack", expected="a file in the pack's own folder",
                    hint="copy it here", rule="file",
                )
            )  # fmt: skip
            return None
        if not stat.S_ISREG(real.stat().st_mode):
            if not real.is_dir():
                found, expected = "something that is no file", "a file with text"
                files.problems.append(Problem(file=name, found=found, expected=expected, rule="file"))
            return None
        if (size := real.stat().st_size) > most:
            expected = f"at most {MAX_BYTES} bytes in all YAML files"
            if name.endswith(SUFFIX):
                expected = f"at most {MAX_TEMPLATE} bytes in a text"
            problem = Problem(file=name, found=f"{size} bytes", expected=expected, rule="size")
            files.problems.append(problem)
            return None
        with real.open("rb") as opened:
            return opened.read(most)
    except (OSError, RuntimeError) as error:  # a link that leads to itself is a RuntimeError on some machines
        files.problems.append(_unreadable(name, error))
        return None


def _template(path: Path, folder: Path, files: Files) -> None:
    name, text = f"templates/{path.name}", path.name.removesuffix(SUFFIX)
    files.templates[text] = ""  # what is there but cannot be taken is not missed elsewhere as well
    raw = _taken(path, name, folder, MAX_TEMPLATE, files)
    if raw is None:
        return
    try:
        files.templates[text] = raw.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        files.problems.append(not_utf8(name, raw, error))


def not_utf8(name: str, raw: bytes, error: UnicodeDecodeError) -> Problem:
    """Return the problem of bytes that are no UTF-8, at the line where they stop being it."""
    found, expected = "bytes that are not UTF-8", "UTF-8 text"
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        return Problem(
            file=name, line=1, column=1, found="UTF-16 text", expected=expected,
            hint="save it again with the encoding UTF-8", rule="encoding",
        )  # fmt: skip
    line = raw[: error.start].count(b"\n") + 1
    return Problem(file=name, line=line, column=1, found=found, expected=expected, rule="encoding")


def _unreadable(name: str, error: Exception) -> Problem:
    found = (error.strerror if isinstance(error, OSError) else None) or "a link that leads nowhere"
    return Problem(file=name, found=found, expected="a file that can be read", rule="file")
