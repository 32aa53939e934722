"""A PostgreSQL for the tests: one that is given, or a private cluster from the machine's own binaries."""

import os
import shutil
import socket
import subprocess
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from psycopg import sql

GIVEN = "TOCSIN_TEST_POSTGRES"
_DEBIAN = Path("/usr/lib/postgresql")
# The cluster lives for one test run: nothing of it has to survive a power cut.
_SETTINGS = (
    "fsync=off",
    "full_page_writes=off",
    "max_connections=100",
    "shared_buffers=64MB",
    "log_statement=none",
)


def why_not() -> str | None:
    """Return why there can be no PostgreSQL here, or nothing when there can."""
    if os.environ.get(GIVEN) or _binaries() is not None:
        return None
    return f"no PostgreSQL: set {GIVEN} to a server's URL, or install Debian's postgresql package"


@contextmanager
def server() -> Iterator[str]:
    """Yield the URL of a server on which databases may be created."""
    given = os.environ.get(GIVEN)
    if given:
        yield given
        return
    binaries = _binaries()
    if binaries is None:
        raise RuntimeError(why_not())
    folder = Path(tempfile.mkdtemp(prefix="tocsin-postgres-"))
    try:
        yield from _cluster(binaries, folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def database(server_url: str, *, like: str = "template1") -> Iterator[str]:
    """Yield the URL of a database of its own, a copy of the one called ``like``, dropped afterwards."""
    name = f"tocsin_test_{uuid.uuid4().hex[:12]}"
    plain = server_url.replace("postgresql+psycopg://", "postgresql://")
    with psycopg.connect(plain, autocommit=True) as connection:
        create = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
        connection.execute(create.format(sql.Identifier(name), sql.Identifier(like)))
    before, _, query = plain.partition("?")
    yield f"{before.rsplit('/', 1)[0]}/{name}" + (f"?{query}" if query else "")
    with psycopg.connect(plain, autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def _cluster(binaries: Path, folder: Path) -> Iterator[str]:
    data = folder / "data"
    if os.geteuid() == 0:
        shutil.chown(folder, "postgres")
    _run(
        [
            str(binaries / "initdb"),
            "-D",
            str(data),
            "-U",
            "postgres",
            "-A",
            "trust",
            "-E",
            "UTF8",
            "--no-sync",
        ]
    )
    port = _free_port()
    options = " ".join(f"-c {setting}" for setting in _SETTINGS)
    options += f" -p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={folder}"
    control = [str(binaries / "pg_ctl"), "-D", str(data), "-l", str(folder / "log"), "-w"]
    _run([*control, "-o", options, "start"])
    try:
        yield f"postgresql://postgres@127.0.0.1:{port}/postgres"
    finally:
        _run([*control, "-m", "immediate", "stop"])


def _run(command: list[str]) -> None:
    # PostgreSQL refuses to run as root.
    as_whom = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
    done = subprocess.run(
        [*as_whom, *command],
        check=False,
        cwd="/",
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    if done.returncode != 0:
        raise RuntimeError(f"{command[0]} failed: {done.stderr.strip()}")


def _binaries() -> Path | None:
    if os.geteuid() == 0 and shutil.which("runuser") is None:
        return None
    found = [folder / "bin" for folder in _DEBIAN.glob("*") if (folder / "bin" / "initdb").exists()]
    if found:
        return max(found, key=lambda folder: float(folder.parent.name))
    on_path = shutil.which("initdb")
    return Path(on_path).parent if on_path else None


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
