"""What happens inside the sandbox's process: people click and submit, and every call of the bot is timed."""

import asyncio
import json
import time
from collections.abc import Mapping
from typing import Any, Literal

from blocks import ids
from bot.cli import manifest
from bot.sandbox import Fault, Sandbox
from bot.sandbox.acts_click import Target, targets
from bot.sandbox.clock import SandboxClock
from bot.sandbox.delivery import Parcel
from bot.sandbox.payloads import message_click, view_submission
from bot.sandbox.state import Message, User

# What a person sees as a failure; also what a click costs that is never answered.
SLACKS_PATIENCE = 3.0
TITLE = "Checkout is down"
POST = "chat.postMessage"
KINDS = ("page", "nag", "approval", "announcement", "card")
OPENERS = ("ana", "ben", "dev", "eli", "fay", "theo", "sam", "ike")


class Workspace:
    """One sandbox. Times are seconds of this process's monotonic clock, from the moment a payload is handed over."""

    def __init__(self, sandbox: Sandbox | None = None) -> None:
        self._sandbox = sandbox or Sandbox(manifest=manifest.load(), clock=SandboxClock())
        self._pages: list[tuple[User, Message, Target]] = []
        self._forms: list[Parcel] = []
        self._calls: list[tuple[str, str, float]] = []
        self._began = 0.0
        self._sandbox.faults.on_call(self._note)

    async def open(self) -> dict[str, str]:
        """Start, and return the environment that a bot needs."""
        await self._sandbox.start()
        # A stalled bot is measured, not cut off; what took longer than Slack allows is counted.
        self._sandbox.delivery.patience = 60.0
        return {
            "SLACK_BOT_TOKEN": self._sandbox.bot_token,
            "SLACK_APP_TOKEN": self._sandbox.app_token,
            "SLACK_SIGNING_SECRET": self._sandbox.signing_secret,
            "SLACK_API_URL": self._sandbox.api_url,
        }

    async def close(self) -> None:
        """Stop."""
        await self._sandbox.stop()

    async def latency(self, seconds: float) -> None:
        """From now on Slack takes so long over every call."""
        self._sandbox.faults.lift("latency")
        if seconds:
            self._sandbox.faults.add(Fault("latency", times=None, seconds=seconds))

    async def rate_limits(self, mode: Literal["off", "tiers"]) -> None:
        """Switch Slack's rate limits on or off."""
        self._sandbox.rate_limits = mode

    async def linked(self) -> None:
        """Wait for the bot's connection."""
        await asyncio.wait_for(self._sandbox.delivery.socket.linked(), 30)

    async def remember_pages(self) -> int:
        """Keep every page with an Acknowledge button that lies in somebody's direct messages, as it looks now."""
        for channel in self._sandbox.workspace.channels.values():
            if not channel.is_im:
                continue
            person = next(
                self._sandbox.workspace.users[m]
                for m in channel.members
                if m != self._sandbox.workspace.bot.id
            )
            for message in channel.messages.values():
                found = [
                    t for t in targets(message) if t.element.get("action_id", "").startswith(ids.ACKNOWLEDGE)
                ]
                self._pages += [(person, message, target) for target in found]
        return len(self._pages)

    async def click(self, first: int, count: int, in_flight: int, pause: float = 0.0) -> list[float]:
        """Click Acknowledge on so many remembered pages, ``in_flight`` at a time; return how long each ack took.

        ``pause`` is how long each clicker waits before the next click.
        """
        waiting = iter([self._click_on(*page) for page in self._pages[first : first + count]])
        took: list[float] = []

        async def clicker() -> None:
            for parcel in waiting:
                took.append(await self._hand_over(parcel))
                await asyncio.sleep(pause)

        await asyncio.gather(*(clicker() for _ in range(in_flight)))
        return took

    async def fill_forms(self, count: int, answers: Mapping[str, str]) -> None:
        """Have people open and fill so many opening forms, ready to be submitted."""
        for number in range(count):
            person = self._sandbox.person(OPENERS[number % len(OPENERS)])
            await person.runs("/incident", f"open {TITLE} {number}", channel="general")
            await person.gets_form("Open an incident")
            await person.fills(answers)
            view = self._sandbox.workspace.views.top(person.id)
            assert view is not None
            trigger = self._sandbox.delivery.triggers.issue(person.id, view_id=view.id)
            payload = view_submission(
                self._sandbox.workspace, person.user, view, trigger_id=trigger, response_urls=[]
            )
            self._forms.append(Parcel(kind="interactive", payload=payload, takes_answer=True))
            await person.closes(everything=True)

    async def submit(self) -> list[float]:
        """Submit every filled form at once; return how long each ack took. Calls are timed from here."""
        forms, self._forms = self._forms, []
        self._calls.clear()
        self._began = time.perf_counter()
        return list(await asyncio.gather(*(self._hand_over(form) for form in forms)))

    async def silence(self, seconds: float, patience: float) -> list[tuple[str, str, float]]:
        """Wait until the bot has called nothing for so long, and return its calls: method, channel, moment of effect."""
        end = time.perf_counter() + patience
        while time.perf_counter() < end:
            last = self._calls[-1][2] + self._began if self._calls else self._began
            if time.perf_counter() - last > seconds and not self._sandbox.dispatch.busy:
                break
            await asyncio.sleep(0.02)
        return list(self._calls)

    async def violations(self) -> list[str]:
        """Return every illegal call so far."""
        return list(self._sandbox.violations)

    async def _hand_over(self, parcel: Parcel) -> float:
        began = time.perf_counter()
        answer = await self._sandbox.delivery.ask(parcel)
        took = time.perf_counter() - began
        if answer.body:
            raise AssertionError(f"the bot refused: {answer.body}")
        return took if answer.acknowledged else max(took, SLACKS_PATIENCE * 20)

    def _click_on(self, user: User, message: Message, target: Target) -> Parcel:
        delivery, workspace = self._sandbox.delivery, self._sandbox.workspace
        action = {
            n: target.element[n]
            for n in ("action_id", "type", "text", "style", "value")
            if n in target.element
        }
        payload = message_click(
            workspace,
            user,
            workspace.channels[message.channel],
            message,
            action=action | {"block_id": target.block["block_id"], "action_ts": workspace.stamp()},
            entered={},
            trigger_id=delivery.triggers.issue(user.id),
            response_url=delivery.response_urls.issue(
                user=user.id, channel=message.channel, message_ts=message.ts
            ),
        )
        return Parcel(kind="interactive", payload=payload)

    def _note(self, moment: str, method: str, args: Mapping[str, Any]) -> None:
        if moment == "after":
            where = str(args.get("channel") or args.get("channel_id") or "")
            name = method if method != POST else f"{method} {said(args)}"
            self._calls.append((name, where, time.perf_counter() - self._began))


def said(args: Mapping[str, Any]) -> str:
    """Return what kind of message is posted, by the part of its idempotency key that names it."""
    kinds = [part for part in key_of(args).split("/") if part in KINDS]
    return kinds[0] if kinds else "other"


def key_of(args: Mapping[str, Any]) -> str:
    """Return the idempotency key in a message's metadata."""
    metadata = args.get("metadata") or {}
    read = json.loads(metadata) if isinstance(metadata, str) else metadata
    return str(read.get("event_payload", {}).get("key", ""))
