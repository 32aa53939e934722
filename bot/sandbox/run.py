"""The sandbox by itself: a Slack for a bot that runs somewhere else on this machine."""

import asyncio
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from bot.sandbox.clock import SandboxClock
from bot.sandbox.server import Sandbox


async def serve(manifest_path: Path, host: str, port: int) -> None:
    """Serve a sandbox for the app of this manifest until cancelled, and print what a bot needs to connect to it.

    Its clock is the real one and cannot be skipped, since the clock of a bot elsewhere would stay behind.
    Raises ValueError when the manifest cannot be used, OSError when the port is taken.
    """
    sandbox = Sandbox(manifest=read_manifest(manifest_path), clock=SandboxClock())
    await sandbox.start(host, port)
    try:
        print(_greeting(sandbox), flush=True)
        await asyncio.Event().wait()
    finally:
        await sandbox.stop()


def read_manifest(path: Path) -> Mapping[str, Any]:
    """Read an app manifest, YAML or JSON; raises ValueError which says in a sentence what is wrong."""
    try:
        manifest = YAML(typ="safe", pure=True).load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as problem:
        raise ValueError(f"The manifest {path} cannot be read: {problem}.") from problem
    except YAMLError as problem:
        raise ValueError(
            f"The manifest {path} is not valid YAML: {' '.join(str(problem).split())}."
        ) from problem
    if not isinstance(manifest, dict) or not isinstance(manifest.get("features", {}), dict):
        raise ValueError(
            f"The manifest {path} must be a mapping with parts such as `features:` and `settings:`."
        )
    return manifest


def _greeting(sandbox: Sandbox) -> str:
    lines = {
        "SLACK_BOT_TOKEN": sandbox.bot_token,
        "SLACK_APP_TOKEN": sandbox.app_token,
        "SLACK_SIGNING_SECRET": sandbox.signing_secret,
        "SLACK_API_URL": sandbox.api_url,
    }
    settings = "\n".join(f"{name}={value}" for name, value in lines.items())
    return f"The sandbox is open at {sandbox.ui_url}\n\nA bot connects to it with:\n\n{settings}\n"
