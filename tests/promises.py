"""Which promises are listed, which tests carry them, and which of a ledger are not listed yet.

Run `python3 dev.py promises LEDGER.md` to print the rows of a ledger that `docs/promises.md` does not list.
"""

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

TESTS = Path(__file__).resolve().parent
LIST = TESTS.parent / "docs" / "promises.md"
ROW = re.compile(r"^\|\s*\**((?:M|S\d)-\d\d)\**\s*\|\s*(.+?)\s*\|", re.MULTILINE)


def listed() -> dict[str, str]:
    """Return each promise of the list with its line."""
    return dict(ROW.findall(LIST.read_text(encoding="utf-8")))


def carried() -> dict[str, list[str]]:
    """Return the tests that carry each promise."""
    found: dict[str, list[str]] = {}
    for path in sorted(TESTS.rglob("test_*.py")):
        for name, promise in _marked(ast.parse(path.read_text(encoding="utf-8"))):
            found.setdefault(promise, []).append(f"{path.relative_to(TESTS)}::{name}")
    return found


def ledger(path: Path) -> dict[str, str]:
    """Return every row of a ledger: Markdown tables whose first cell is an id such as S3-27."""
    rows = re.findall(
        r"^\|\s*\**((?:M|S\d)-\d\d)\**\s*\|(.+)\|\s*$", path.read_text(encoding="utf-8"), re.MULTILINE
    )
    return {
        promise: cells.split("|")[2].strip() if cells.count("|") >= 3 else cells for promise, cells in rows
    }


def _marked(tree: ast.Module) -> Iterator[tuple[str, str]]:
    for node in ast.walk(tree):
        if not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            continue
        for mark in node.decorator_list:
            if isinstance(mark, ast.Call) and ast.unparse(mark.func) == "pytest.mark.promise":
                for argument in mark.args:
                    if isinstance(argument, ast.Constant):
                        yield node.name, str(argument.value)


def main(arguments: list[str]) -> int:
    if len(arguments) != 1 or not Path(arguments[0]).is_file():
        print("Name the ledger, for example: python3 dev.py promises ledger.md", file=sys.stderr)
        return 2
    rows, have = ledger(Path(arguments[0])), listed()
    missing = [promise for promise in rows if promise not in have]
    for promise in missing:
        print(f"{promise}  {rows[promise][:150]}")
    print(f"{len(rows)} rows, {len(set(rows) & set(have))} listed here, {len(missing)} not listed yet")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
