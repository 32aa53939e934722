import asyncio
import os
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.cli.commands import app
from tests.harness.story import Story, telling


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """How a command ended: its exit code and the lines that it printed."""

    code: int
    out: list[str]
    err: list[str]


Tocsin = Callable[..., Awaitable[Ended]]


def ended(*words: str) -> Ended:
    """Run a command to its end."""
    done = CliRunner().invoke(app, words)
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    return Ended(code=done.exit_code, out=done.stdout.splitlines(), err=done.stderr.splitlines())


@pytest.fixture
def empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where commands run, with an environment that says nothing."""
    monkeypatch.chdir(tmp_path)
    for name in [name for name in os.environ if name.startswith(("SLACK_", "TOCSIN_"))]:
        monkeypatch.delenv(name)
    return tmp_path


@pytest.fixture
def tocsin(empty_folder: Path) -> Tocsin:
    """The command line beside a running bot, in a thread: commands have an event loop of their own."""

    async def run(*words: str) -> Ended:
        return await asyncio.to_thread(ended, *words)

    return run


@pytest.fixture
async def story(tmp_path: Path, tocsin: Tocsin, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Story]:
    """A bot at work beside the command line, which is configured for the same workspace and database."""
    async with telling(tmp_path) as told:
        secrets = told.sandbox
        monkeypatch.setenv("SLACK_BOT_TOKEN", secrets.bot_token)
        monkeypatch.setenv("SLACK_APP_TOKEN", secrets.app_token)
        monkeypatch.setenv("SLACK_API_URL", secrets.api_url)
        monkeypatch.setenv("TOCSIN_DATABASE_URL", f"sqlite:///{tmp_path / 'tocsin.db'}")
        yield told
