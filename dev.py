"""One door for working on Tocsin: `python3 dev.py demo` plays it, `python3 dev.py test` tests it.

Needs only Python and pip: makes its own virtual environment, installs what the lock names (hashes checked), then runs.
"""

import hashlib
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent
HOME = ROOT / ".venv"
BIN = HOME / ("Scripts" if os.name == "nt" else "bin")

TASKS = {
    "demo": "play an incident in the browser, without Slack (arguments go to `tocsin demo`)",
    "test": "run the tests (arguments go to pytest)",
    "check": "lint, types, import contracts, dependencies",
    "lock": "make requirements.lock and requirements-dev.lock anew",
    "bench": "measure (arguments go to bench)",
    "promises": "list the rows of a ledger that docs/promises.md does not list yet",
}


def main() -> int:
    task, *rest = sys.argv[1:] or ["help"]
    if task not in TASKS:
        print(__doc__, *(f"  {name:<6} {what}" for name, what in TASKS.items()), sep="\n")
        return 0 if task == "help" else 2
    install("requirements.lock" if task == "demo" else "requirements-dev.lock")
    tasks = {"demo": demo, "test": test, "check": check, "lock": lock, "bench": bench, "promises": promises}
    return tasks[task](rest)


def demo(rest: list[str]) -> int:
    return run(BIN / "tocsin", "demo", *rest)


def test(rest: list[str]) -> int:
    return run(BIN / "python", "-m", "pytest", *(rest or ["-n", "auto", "--dist", "loadgroup"]))


def check(_rest: list[str]) -> int:
    steps = (
        (BIN / "ruff", "format", "--check"),
        (BIN / "ruff", "check"),
        (BIN / "mypy",),
        (BIN / "lint-imports",),
        (BIN / "deptry", "."),
    )
    return max(run(*step) for step in steps)


def lock(_rest: list[str]) -> int:
    compile_ = (BIN / "uv", "pip", "compile", "--quiet", "--universal", "--generate-hashes", "--upgrade")
    plain = ("--no-emit-index-url", "--no-header", "--no-annotate", "pyproject.toml", "-o")
    code = run(*compile_, *plain, "requirements.lock")
    return code or run(*compile_, "--extra", "dev", *plain, "requirements-dev.lock")


def bench(rest: list[str]) -> int:
    return run(BIN / "python", "-m", "bench", *rest)


def promises(rest: list[str]) -> int:
    return run(BIN / "python", "-m", "tests.promises", *rest)


def install(name: str) -> None:
    """Bring `.venv` to what a lock names; nothing is done when it is there already."""
    text = (ROOT / name).read_bytes() + (ROOT / "pyproject.toml").read_bytes()
    wanted = f"{name} {hashlib.sha256(text).hexdigest()} {sys.version_info[:2]}"
    stamp = HOME / ".installed"
    have = stamp.read_text().splitlines() if stamp.exists() else []
    if wanted in have:
        return
    print(f"Installing {name} into .venv (once) ...", file=sys.stderr)
    if not (BIN / "python").exists():
        run(sys.executable, "-m", "venv", "--without-pip", HOME, check=True)
    pip = (
        sys.executable,
        "-m",
        "pip",
        "--python",
        BIN / "python",
        "--disable-pip-version-check",
        "install",
        "-q",
    )
    run(*pip, "--require-hashes", "-r", ROOT / name, check=True)
    run(*pip, "--no-deps", "-e", ROOT, check=True)
    stamp.write_text("\n".join([*(line for line in have if not line.startswith(f"{name} ")), wanted]))


def run(*command: str | Path, check: bool = False) -> int:
    """Run a command in the repository; with `check` a failure ends everything."""
    code = subprocess.run([str(part) for part in command], cwd=ROOT, check=False).returncode
    if check and code:
        raise SystemExit(code)
    return code


if __name__ == "__main__":
    raise SystemExit(main())
