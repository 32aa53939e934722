"""A sandbox with a bot in it and a browser in front of it."""

import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from playwright.async_api import Browser, Page, async_playwright

from bot.sandbox import Sandbox
from bot.sandbox.clock import SandboxClock
from tests.sandbox.ui_bot import MANIFEST, Showing, showing

# Without one of these Playwright looks for the browser it installed itself.
CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")
ARGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
START = datetime(2027, 3, 1, 13, 58, tzinfo=UTC)
DUE = datetime(2027, 3, 1, 14, 30, tzinfo=UTC)
# Told by the browser about the pictures of the tests, which nobody serves.
EXPECTED = ("nothing.png", "ERR_UNSAFE_PORT", "ERR_CONNECTION_REFUSED")


@dataclass(kw_only=True)
class Stage:
    sandbox: Sandbox
    bot: Showing
    clock: SandboxClock
    browser: Browser
    complaints: list[str] = field(default_factory=list)

    async def page(self, who: str = "U0ANA", place: str = "C0GENERAL", **context: Any) -> Page:
        """Open the page as somebody, somewhere, and wait until it is drawn."""
        opened = await self.browser.new_context(**{"viewport": {"width": 1280, "height": 800}, **context})
        page = await opened.new_page()
        page.set_default_timeout(8000)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("console", lambda line: self._hear(line.type, f"{line.text} {line.location}"))
        await page.goto(f"{self.sandbox.ui_url}#{who}/{place}")
        await page.locator("#channel-head h1").wait_for()
        return page

    def _hear(self, kind: str, text: str) -> None:
        if kind in ("error", "warning") and not any(known in text for known in EXPECTED):
            self.complaints.append(text)


@asynccontextmanager
async def on_stage() -> AsyncIterator[Stage]:
    """Everything up; at the end the browser must have had nothing to complain about."""
    clock = SandboxClock(start=START, running=False)

    async def skip(by: timedelta) -> None:
        clock.skip(by)

    async def next_due() -> datetime | None:
        return DUE if clock() < DUE else None

    sandbox = Sandbox(manifest=MANIFEST, clock=clock, skip=skip, next_due=next_due)
    async with sandbox, showing(sandbox) as bot, async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=ARGS)
        stage = Stage(sandbox=sandbox, bot=bot, clock=clock, browser=browser)
        yield stage
        await browser.close()
        assert stage.complaints == []
