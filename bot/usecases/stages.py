"""Moving an incident from stage to stage, with what each stage needs and the texts it owes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from bot.domain import gates, stages, triage
from bot.domain.decision import Decision
from bot.domain.incident import IncidentId, Stage, UserId, Workspace
from bot.domain.items import Item
from bot.packs import texts
from bot.usecases import scene
from bot.usecases.scene import Scene
from storage.database import Tx


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What a person filled in before a stage is left: answers by question, criteria ticked, and why it goes on without."""

    answers: Mapping[str, str] = field(default_factory=dict)
    ticks: tuple[str, ...] = ()
    override: str = ""


def enter(
    tx: Tx,
    incident_id: IncidentId,
    stage: Stage,
    told: Told | None = None,
    *,
    by: UserId,
    workspace: Workspace,
    now: datetime,
) -> None:
    """Enter a stage: the internal text is posted, customer and executive texts become drafts to approve (M-02).

    What was ``told`` on the way is kept with it, or nothing is when the stage may still not be left.
    """
    at = scene.of(tx, incident_id, workspace, now)
    stages.check(at.incident, stage, at.policy, at.directory, by)
    told = told or Told()
    before = _told(at, told, by, now)
    incident, items = before.incident, _after(at.items, before)
    wanted = stages.texts_for(at.policy, incident, stage)
    written = {t.template: texts.stage_text(at.policy, incident, items, stage, t, now=now) for t in wanted}
    decision = stages.enter(
        incident,
        items,
        stage,
        at.policy,
        at.directory,
        by=by,
        now=now,
        texts=written,
        override=told.override,
    )
    scene.conclude(tx, at, before.then(decision), actor=by, now=now)


def tell(
    tx: Tx, incident_id: IncidentId, told: Told, *, by: UserId, workspace: Workspace, now: datetime
) -> None:
    """Keep what the triage and the checklist of the present stage were told, without moving on."""
    at = scene.of(tx, incident_id, workspace, now)
    scene.conclude(tx, at, _told(at, told, by, now), actor=by, now=now)


def _told(at: Scene, told: Told, by: UserId, now: datetime) -> Decision:
    answered = triage.answer(at.incident, at.items, at.policy, at.directory, told.answers, by=by, now=now)
    return answered.then(gates.tick(answered.incident, told.ticks, at.policy, by=by, now=now))


def _after(items: Sequence[Item], decision: Decision) -> tuple[Item, ...]:
    known = {item.id: item for item in items} | {item.id: item for item in decision.items}
    return tuple(known.values())
