"""The bot as its users run it: `tocsin run` in a process of its own."""

import os
import shlex
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
READY = "is ready"
# The command that is the bot, where another is wanted: a profiler in front of it, or another build of it.
COMMAND = "TOCSIN_BENCH_BOT"


class NotReady(Exception):
    """The bot ended instead of becoming ready."""


class Running:
    """One bot process. ``ready_after`` is how many seconds it took from exec to its ready line."""

    def __init__(self, environment: Mapping[str, str], database_url: str, home: Path) -> None:
        command = shlex.split(os.environ.get(COMMAND, "")) or [sys.executable, "-m", "bot"]
        began = time.perf_counter()
        self._log = (home / "bot.log").open("a")
        self._process = subprocess.Popen(
            [*command, "run", "--port", "0"],
            env={**os.environ, **environment, "TOCSIN_DATABASE_URL": database_url, "PYTHONPATH": str(ROOT)},
            cwd=home,
            stdout=subprocess.PIPE,
            stderr=self._log,
            text=True,
        )
        assert self._process.stdout is not None
        for line in self._process.stdout:
            if READY in line:
                break
        else:
            raise NotReady((home / "bot.log").read_text()[-2000:])
        self.ready_after = time.perf_counter() - began

    def memory(self) -> float:
        """Return the resident memory in megabytes."""
        status = Path(f"/proc/{self._process.pid}/status").read_text()
        line = next(line for line in status.splitlines() if line.startswith("VmRSS:"))
        return int(line.split()[1]) / 1024

    def processor(self) -> float:
        """Return the processor time used so far, in seconds."""
        fields = Path(f"/proc/{self._process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def stop(self) -> None:
        """Stop it gracefully, and hard after a while."""
        self._process.send_signal(signal.SIGTERM)
        try:
            self._process.wait(20)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        if self._process.stdout is not None:
            self._process.stdout.close()
        self._log.close()


@contextmanager
def bot(environment: Mapping[str, str], database_url: str, home: Path) -> Iterator[Running]:
    """Run a bot for the length of a block."""
    running = Running(environment, database_url, home)
    try:
        yield running
    finally:
        running.stop()
