import ast
import re
import subprocess
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("bot", "blocks", "storage")
CEILING = 300


def tracked(pattern: str = "*") -> list[Path]:
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z", pattern]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode != 0:
        pytest.skip("this is no git checkout, so what belongs to the repository cannot be listed")
    return [ROOT / name for name in listed.stdout.split("\0") if name and (ROOT / name).is_file()]


def sources() -> list[Path]:
    return [path for package in PACKAGES for path in sorted((ROOT / package).rglob("*.py"))]


def public(path: Path) -> Iterator[tuple[str, ast.AST]]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    yield "module", tree
    for node in tree.body:
        if isinstance(
            node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
        ) and not node.name.startswith("_"):
            yield node.name, node


@pytest.mark.promise("M-06")
def test_the_repository_has_the_agreed_shape() -> None:
    for name in (
        "bot",
        "blocks",
        "storage",
        "tests",
        "pyproject.toml",
        "README.md",
        "manifest.yml",
        "LICENSE",
    ):
        assert (ROOT / name).exists(), name
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    runs = {re.split(r"[\[><=]", line)[0] for line in project["dependencies"]}
    assert {"slack-bolt", "slack-sdk", "apscheduler", "sqlmodel", "pydantic"} <= runs
    assert any(line.startswith("pytest>") for line in project["optional-dependencies"]["dev"])
    assert (ROOT / "bot" / "__init__.py").read_text().count("\n") == 1, "blocks and storage import bot.domain"


def test_no_file_is_longer_than_a_person_reads_at_once() -> None:
    long = {
        str(p.relative_to(ROOT)): n
        for p in tracked("*.py")
        if (n := len(p.read_text().splitlines())) > CEILING
    }
    assert {name: lines for name, lines in long.items() if "/versions/" not in name} == {}


def test_every_public_name_says_what_it_is() -> None:
    silent = [
        f"{path.relative_to(ROOT)}:{name}"
        for path in sources()
        if "/migrations/" not in str(path)
        for name, node in public(path)
        if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef))
        and ast.get_docstring(node) is None
    ]
    assert [name for name in silent if not _is_plain(name)] == []


def _is_plain(name: str) -> bool:
    """A registration function's name and its module say what it does; so does a command's entry point."""
    return name.endswith((":register", ":main"))


def test_no_room_is_a_cupboard() -> None:
    names = {path.stem for path in sources()} | {path.parent.name for path in sources()}
    assert names.isdisjoint({"utils", "helpers", "common", "manager", "misc"})


def test_the_locks_name_versions_and_hashes_and_no_host() -> None:
    for name in ("requirements.lock", "requirements-dev.lock"):
        text = (ROOT / name).read_text()
        assert "://" not in text
        assert "--index-url" not in text
        pins = re.findall(r"^[a-z0-9._-]+(?:\[[a-z,]+\])?==", text, re.MULTILINE)
        assert len(pins) > 30
        assert text.count("--hash=sha256:") >= len(pins)
    assert not (ROOT / "uv.lock").exists()


def test_the_lock_holds_every_dependency() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    for lines, name in (
        (project["dependencies"], "requirements.lock"),
        (project["optional-dependencies"]["dev"], "requirements-dev.lock"),
    ):
        pinned = set(
            re.findall(r"^([a-z0-9._-]+?)(?:\[[a-z,]+\])?==", (ROOT / name).read_text(), re.MULTILINE)
        )
        wanted = {re.split(r"[\[><=]", line)[0] for line in lines}
        assert {w for w in wanted if w.lower().replace(".", "-") not in pinned} == set()


def test_nothing_in_the_repository_names_a_machine_or_a_registry() -> None:
    # Spelt in pieces, so that this file does not find itself.
    bad = re.compile("|".join(("/wo" + "rk/", "/ro" + "ot/", "files.python" + "hosted", "pypi" + r"\.org")))
    found = []
    for path in tracked():
        if path.suffix in {".png", ".ico"}:
            continue
        if bad.search(path.read_text(encoding="utf-8", errors="replace")):
            found.append(str(path.relative_to(ROOT)))
    assert found == []


def test_every_dependency_has_a_line_that_says_why() -> None:
    said = (ROOT / "docs" / "dependencies.md").read_text()
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    every = [*project["dependencies"], *project["optional-dependencies"]["dev"]]
    names = {re.split(r"[\[><=]", line)[0] for line in every}
    assert {name for name in names if f"| {name} |" not in said} == set()
