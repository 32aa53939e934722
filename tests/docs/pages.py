"""Reading the documentation: its sections, its tables, its code."""

import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
PAGES = (ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted(DOCS.glob("*.md")))

_FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_HEADING = re.compile(r"^(#+) (.+)$", re.MULTILINE)
_CODE = re.compile(r"`([^`]+)`")


def page(name: str) -> str:
    """Return a page of docs, or of the root, by its file name."""
    found = DOCS / name
    return (found if found.exists() else ROOT / name).read_text(encoding="utf-8")


def policy() -> str:
    """Return all pages that document the policy pack, the first of them first."""
    names = ["policy.md", *sorted(path.name for path in DOCS.glob("policy-*.md"))]
    return "\n".join(map(page, names))


def prose(text: str) -> str:
    """Return a text without its code blocks."""
    return _FENCE.sub("", text)


def headings(text: str) -> list[str]:
    """Return the headings of a text."""
    return [found[2] for found in _HEADING.finditer(prose(text))]


def section(text: str, heading: str) -> str:
    """Return what stands under a heading, up to the next one of any level."""
    found = re.search(
        rf"^#+ {re.escape(heading)}$(.*?)(?=^#+ |\Z)", _comments_kept(text), re.MULTILINE | re.DOTALL
    )
    assert found is not None, f"there is no heading {heading!r}"
    return found[1].replace("\0", "#")


def rows(text: str) -> list[list[str]]:
    """Return the rows of the tables of a text without their heads, each as its cells."""
    lines = [line for line in prose(text).splitlines() if line.startswith("|")]
    heads = {number - 1 for number, line in enumerate(lines) if re.fullmatch(r"[|:\- ]+", line)}
    body = [line for number, line in enumerate(lines) if number not in heads | {head + 1 for head in heads}]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in body]


def table(text: str, heading: str) -> dict[str, list[str]]:
    """Return the table under a heading by the code of its first cell; a name that stands twice is an error."""
    found: dict[str, list[str]] = {}
    for first, *rest in rows(section(text, heading)):
        name = first.strip("`")
        assert name not in found, f"{name} stands twice under {heading!r}"
        assert rest[-1], f"{name} under {heading!r} says nothing"
        found[name] = rest
    assert found, f"there is no table under {heading!r}"
    return found


def blocks(text: str, language: str) -> list[str]:
    """Return the code blocks of one language."""
    return [found[2] for found in _FENCE.finditer(text) if found[1] == language]


def shows(shown: str, printed: str) -> bool:
    """Tell whether an excerpt was printed: the pieces between `…` in this order, however wide the columns are.

    Versions differ from pack to pack.
    """
    rest = _of_any_version(printed)
    for piece in re.split(r"^…$", shown, flags=re.MULTILINE):
        wanted = _of_any_version(piece)
        if wanted not in rest:
            return False
        rest = rest[rest.index(wanted) + len(wanted) :]
    return True


def codes(text: str) -> Iterator[str]:
    """Yield everything that stands as code: inline, and each line of the shell blocks."""
    yield from _CODE.findall(prose(text))
    for block in blocks(text, "sh"):
        yield from block.splitlines()


def _of_any_version(text: str) -> str:
    return " ".join(re.sub(r"\b[0-9a-f]{12}\b", "<version>", text).split())


def _comments_kept(text: str) -> str:
    """Hide `#` at the begin of lines inside code blocks, where it is no heading."""
    return _FENCE.sub(lambda found: re.sub(r"^#", "\0", found[0], flags=re.MULTILINE), text)
