"""`tocsin sandbox`: the sandbox alone, for any bot."""

import asyncio
import contextlib

from bot.cli import manifest
from bot.sandbox.run import serve


def run(*, host: str, port: int) -> int:
    """Serve until interrupted."""
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(serve(manifest.path(), host, port))
    return 0
