"""Opening an incident: the form, its live computation, and the shortcuts that lead to it."""

import re
from dataclasses import replace
from typing import Any
from uuid import uuid4

from slack_bolt.async_app import AsyncAck, AsyncApp

from blocks import ids
from blocks.forms import checklist
from blocks.forms import open as open_form
from blocks.forms.open import Answers, Outcome
from bot.domain import triage
from bot.domain.incident import Dimension, IncidentId, Severity, Workspace
from bot.domain.opening import LONGEST_TITLE, Draft
from bot.listeners import showing
from bot.listeners.deps import Deps
from bot.listeners.payloads import Click, Form, Shortcut
from bot.listeners.plain import plain
from bot.usecases import incidents

TITLE = "Open an incident"


def register(app: AsyncApp, deps: Deps) -> None:
    """Listen for everything that opens an incident."""

    @app.shortcut(ids.OPEN_SHORTCUT)
    async def from_anywhere(ack: AsyncAck, body: dict[str, Any]) -> None:
        shortcut = Shortcut.parse(body)
        await show(deps, shortcut.trigger_id, shortcut.workspace)
        await ack()

    @app.shortcut(ids.OPEN_FROM_MESSAGE)
    async def from_message(ack: AsyncAck, body: dict[str, Any]) -> None:
        shortcut = Shortcut.parse(body)
        said = plain(shortcut.text)
        title = next(iter(said.splitlines()), "")[:LONGEST_TITLE]
        await show(deps, shortcut.trigger_id, shortcut.workspace, title=title, summary=said)
        await ack()

    @app.action(ids.OPEN)
    async def from_home(ack: AsyncAck, body: dict[str, Any]) -> None:
        click = Click.parse(body)
        await show(deps, click.trigger_id, click.workspace)
        await ack()

    @app.action(re.compile(f"^{ids.COMPUTE_PREFIX}"))
    async def compute(ack: AsyncAck, body: dict[str, Any]) -> None:
        form = Form.parse(body)
        view = await draw(deps, answers(form), form.workspace, form.carried)
        await showing.redraw(deps, form.view_id, form.view_hash, view)
        await ack()

    @app.view(ids.OPEN_FORM)
    async def submit(ack: AsyncAck, body: dict[str, Any]) -> None:
        form = Form.parse(body)
        incident_id = IncidentId(form.carried["id"])
        await deps.db.run(
            incidents.open_incident,
            draft(answers(form)),
            id=incident_id,
            **deps.act(form) | {"once": f"open:{incident_id}"},
        )
        await ack()


async def show(
    deps: Deps, trigger_id: str, workspace: Workspace, *, title: str = "", summary: str = ""
) -> None:
    """Open the form. The incident's id is chosen now, so that the form opens one incident however often it arrives."""
    empty = Answers(title=title, summary=summary, scores={})
    await showing.form(deps, trigger_id, TITLE, draw(deps, empty, workspace, {"id": uuid4().hex}))


async def draw(deps: Deps, filled: Answers, workspace: Workspace, carried: dict[str, Any]) -> dict[str, Any]:
    """Draw the form with what opening it now would mean."""
    now = deps.clock()
    seen = await deps.db.read(incidents.preview, draft(filled), workspace=workspace, now=now)
    filled = replace(filled, kind=filled.kind or open_form.first_kind(seen.policy))
    severity = min(seen.computed.severity, filled.raise_to or seen.computed.severity)
    outcome = Outcome(
        severity=severity, computed=seen.computed.severity, reason=seen.computed.reason, targets=seen.targets
    )
    return open_form.draw(filled, seen.policy, outcome, now=now, carried=carried)


def answers(form: Form) -> Answers:
    """Read the form as filled in so far."""
    attached = form.text(ids.IDENTITY_ATTACHED) == open_form.YES
    flags, raised = form.ticked(ids.FLAGS), form.text(ids.RAISE_TO)
    return Answers(
        title=form.text(ids.TITLE),
        summary=form.text(ids.SUMMARY),
        scores={d: score(form.text(ids.dimension(d))) for d in Dimension if _applies(form, d, attached)},
        users_said=form.text(ids.USERS_SAID),
        kind=form.text(ids.KIND),
        service=form.text(triage.SERVICE),
        identity_attached=attached,
        identity=form.text(ids.IDENTITY),
        identity_name=form.text(ids.IDENTITY_NAME),
        conditions=form.ticked(ids.CONDITIONS),
        customer_visible=ids.CUSTOMER_VISIBLE in flags,
        private=ids.PRIVATE in flags,
        drill=ids.DRILL in flags,
        raise_to=Severity(int(raised)) if raised.isdigit() else None,
        severity_reason=form.text(ids.SEVERITY_REASON),
    )


def draft(filled: Answers) -> Draft:
    """Return what the form would open."""
    return Draft(
        title=filled.title,
        summary=filled.summary,
        scores=filled.scores,
        users_said=filled.users_said,
        kind=filled.kind,
        service=filled.service,
        identity=filled.identity_name or filled.identity,
        conditions=checklist.read(filled.conditions),
        customer_visible=filled.customer_visible,
        private=filled.private,
        drill=filled.drill,
        severity=filled.raise_to,
        severity_reason=filled.severity_reason,
    )


def score(answer: str) -> int | None:
    """Return a score of 0 to 4; None for "unknown" and for what was not answered."""
    return int(answer) if answer.isdigit() else None


def _applies(form: Form, dimension: Dimension, identity_attached: bool) -> bool:
    """Tell whether a question was put: those about an identity only where one is attached or the kind asks them.

    When another kind has just been chosen, the form still shows the questions of the one before.
    """
    if identity_attached or dimension not in (Dimension.IDENTITY, Dimension.BLAST):
        return True
    asked_by_kind = ids.IDENTITY_ATTACHED not in form.answers and ids.dimension(dimension) in form.answers
    return asked_by_kind and form.text(ids.KIND) == form.carried.get("kind")
