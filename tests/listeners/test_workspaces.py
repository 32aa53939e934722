from collections.abc import Callable
from typing import Any

import pytest

from bot.domain.errors import NotFound
from bot.domain.incident import Closure, Incident, Stage, UserId, Workspace
from bot.domain.items import Item, ProposalKind
from bot.listeners import looking
from bot.usecases import channels, closing, incidents, items, remediation, settling, stages, steps
from tests.listeners.door import NINE, Door

ELSEWHERE = Workspace(team_id="T0OTHER")
CLOSURE = Closure(
    cause="A disk",
    cause_is_suspicion=False,
    actions_taken="Grew it",
    verification="It runs",
    closed_by=UserId("U1"),
    asked_at=NINE,
)
Act = tuple[Callable[..., Any], Callable[[Incident, Item], tuple[Any, ...]]]

ACTS: list[Act] = [
    (items.acknowledge, lambda i, page: (page.id,)),
    (items.decline, lambda i, page: (page.id, "")),
    (items.escalate_now, lambda i, page: (page.id,)),
    (steps.finish, lambda i, page: (page.id,)),
    (stages.enter, lambda i, page: (i.id, Stage("contain"))),
    (stages.tell, lambda i, page: (i.id, stages.Told(answers={"scope": "external"}))),
    (remediation.request, lambda i, page: (i.id, ProposalKind.REMEDIATION, "Roll back")),
    (incidents.change_severity, lambda i, page: (i.id, 1, "worse")),
    (settling.rescore, lambda i, page: (i.id, {})),
    (closing.ask, lambda i, page: (i.id, CLOSURE)),
    (channels.retry, lambda i, page: (i.id,)),
]


@pytest.mark.parametrize(
    ("use_case", "given"), ACTS, ids=[act.__module__ + "." + act.__name__ for act, _ in ACTS]
)
async def test_an_id_of_another_workspace_opens_nothing(
    door: Door, use_case: Callable[..., Any], given: Callable[[Incident, Item], tuple[Any, ...]]
) -> None:
    incident = await door.opened()
    (page, *_) = before = await door.pages(incident)
    with pytest.raises(NotFound, match="does not exist here"):
        await door.db.run(use_case, *given(incident, page), by=page.holders[0], workspace=ELSEWHERE, now=NINE)
    assert await door.pages(incident) == before


async def test_nor_is_it_shown_in_a_form(door: Door) -> None:
    incident = await door.opened()
    (page, *_) = await door.pages(incident)
    for look, name in ((looking.at, incident.id), (looking.undecided, page.id)):
        with pytest.raises(NotFound):
            await door.db.read(look, name, workspace=ELSEWHERE, now=NINE)
