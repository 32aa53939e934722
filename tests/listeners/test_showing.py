import asyncio
from typing import Any

import pytest

from blocks.forms import refusal
from bot.domain.errors import NotFound
from bot.listeners import showing
from bot.sandbox.state import View
from tests.listeners.door import Door, command


async def _drawn(sentence: str) -> dict[str, Any]:
    return refusal.draw(sentence)


async def _drawn_late(sentence: str, gate: asyncio.Event) -> dict[str, Any]:
    await gate.wait()
    return refusal.draw(sentence)


async def _refused_late(gate: asyncio.Event) -> dict[str, Any]:
    await gate.wait()
    raise NotFound("There is no INC-7 in this workspace.")


def _trigger(door: Door) -> str:
    return door.sandbox.delivery.triggers.issue("U0ANA")


def _once_open(door: Door) -> asyncio.Event:
    gate = asyncio.Event()
    door.sandbox.workspace.watch(lambda change: gate.set() if change.kind.startswith("view") else None)
    return gate


def _shown(door: Door) -> list[View]:
    return door.sandbox.workspace.views.stack("U0ANA")


async def test_a_form_that_is_ready_is_opened_at_once(door: Door) -> None:
    await showing.form(door.deps, _trigger(door), "Close", _drawn("ready"))
    assert [c.method for c in door.sandbox.calls if c.method.startswith("views.")] == ["views.open"]


async def test_a_slow_form_is_held_open_and_filled_later(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(showing, "PATIENCE", 0.01)
    await showing.form(door.deps, _trigger(door), "Close", _drawn_late("ready now", _once_open(door)))
    (view,) = _shown(door)
    assert "ready now" in str(view.blocks)


async def test_a_slow_refusal_is_shown_in_the_form_that_is_open(
    door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(showing, "PATIENCE", 0.01)
    await showing.form(door.deps, _trigger(door), "Close", _refused_late(_once_open(door)))
    (view,) = _shown(door)
    assert "There is no INC-7" in str(view.blocks)


async def test_the_same_click_twice_opens_one_form(door: Door) -> None:
    trigger = _trigger(door)
    await showing.form(door.deps, trigger, "Close", _drawn("one"))
    await showing.form(door.deps, trigger, "Close", _drawn("two"))
    (view,) = _shown(door)
    assert "one" in str(view.blocks)


async def test_a_command_opens_its_form(door: Door) -> None:
    answer = await door.receives(command("open Checkout is down", trigger=_trigger(door)))
    assert (answer.status, answer.body) == (200, "")
    (view,) = _shown(door)
    assert view.callback_id == "form:open"
