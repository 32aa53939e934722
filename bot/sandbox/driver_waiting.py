"""Waiting for the workspace to look a certain way, without looking more often than it changes."""

import asyncio
from collections.abc import Callable

from bot.sandbox.state import Workspace

PATIENCE_SECONDS = 5.0


class NeverCame(AssertionError):
    """What a person waited for did not happen; the text says what there was instead."""


async def until(
    workspace: Workspace,
    condition: Callable[[], bool],
    *,
    complaint: Callable[[], str],
    seconds: float = PATIENCE_SECONDS,
) -> None:
    """Return once the condition holds, looked at after every change; raise `NeverCame` after real ``seconds``."""
    changed = asyncio.Event()
    unwatch = workspace.watch(lambda _: changed.set())
    try:
        async with asyncio.timeout(seconds):
            while not condition():
                changed.clear()
                await changed.wait()
    except TimeoutError:
        raise NeverCame(complaint()) from None
    finally:
        unwatch()
