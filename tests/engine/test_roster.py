from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest

from bot.domain.incident import Role, UserId
from bot.domain.policy import Slot
from bot.domain.roles import Directory, holders
from bot.engine.deliveries.job import Me
from bot.engine.people import person_of, references
from bot.sandbox import Fault
from bot.usecases import people
from bot.usecases import policy as policies
from tests.engine.acme import POLICY, Acme

ME = Me(team="T0ACME", user="U0TOCSIN", enterprise="E0ACME")


def user(**more: Any) -> Mapping[str, Any]:
    return {
        "id": "U0ANA",
        "team_id": "T0ACME",
        "name": "ana",
        "profile": {"email": "ana@acme.example"},
        **more,
    }


async def directory(workspace: Acme, **roster: Slot) -> Directory:
    """Put a roster in force, refresh it, and return who it resolves to."""
    named = {Role(role): slot for role, slot in roster.items()}
    policy = POLICY.model_copy(update={"roster": named, "version": f"roster {roster}"})
    bot = workspace.bot
    await bot.db.run(policies.activate, policy, workspace=bot.workspace, by="test", now=workspace.clock())
    await bot._engine.roster.refresh()
    return await bot.db.read(people.everyone, workspace=bot.workspace)


async def test_at_the_first_start_the_roster_is_known_before_the_bot_takes_work(workspace: Acme) -> None:
    known = await workspace.bot.db.read(people.everyone, workspace=workspace.bot.workspace)

    assert set(known.references) == references(POLICY)
    assert [p.id for p in holders(POLICY, known, Role("incident_manager"))] == ["U0IVAN"]


async def test_references_may_be_mails_ids_and_user_groups(workspace: Acme) -> None:
    known = await directory(
        workspace,
        a=Slot(primary=("ana@acme.example",)),
        b=Slot(primary=("U0BEN",)),
        c=Slot(primary=("@oncall-platform",)),
        d=Slot(primary=("S0LEADS",)),
    )

    assert known.references["ana@acme.example"] == ("U0ANA",)
    assert known.references["u0ben"] == ("U0BEN",)
    assert set(known.references["@oncall-platform"]) == {"U0CARO", "U0DEV"}
    assert set(known.references["s0leads"]) == {"U0IVAN", "U0JUDY"}
    assert known.people[UserId("U0CARO")].email == "caro@acme.example"


@pytest.mark.parametrize("reference", ["nobody@acme.example", "U0NOBODY", "@no-such-group", "S0NONE"])
async def test_a_reference_that_slack_does_not_know_is_a_vacancy(workspace: Acme, reference: str) -> None:
    known = await directory(workspace, a=Slot(primary=(reference,)))

    assert known.references[reference.lower()] == ()


@pytest.mark.parametrize("name", ["dela", "extern", "gus"])
async def test_leavers_strangers_and_guests_hold_no_role(workspace: Acme, name: str) -> None:
    who = workspace.sandbox.workspace.person(name)
    known = await directory(workspace, a=Slot(primary=(who.id,)))

    assert known.resolve(who.id) == ()


async def test_when_slack_asks_for_patience_the_last_known_answer_stays(workspace: Acme) -> None:
    before = await directory(workspace, a=Slot(primary=("ana@acme.example", "ben@acme.example")))
    workspace.sandbox.faults.add(Fault("rate_limited", "users.lookupByEmail", times=2, retry_after=30))

    whole = await workspace.bot._engine.roster.refresh()
    after = await workspace.bot.db.read(people.everyone, workspace=workspace.bot.workspace)

    assert not whole
    assert after.references == before.references
    workspace.clock.skip(timedelta(seconds=31))
    assert await workspace.bot._engine.roster.refresh()


def test_a_person_is_read_as_slack_describes_them() -> None:
    ana = person_of(user(tz="Europe/Madrid", real_name="Ana"), ME)

    assert (ana.id, ana.name, ana.email, ana.tz) == ("U0ANA", "Ana", "ana@acme.example", "Europe/Madrid")
    assert ana.may_act


@pytest.mark.parametrize(
    "more",
    [
        {"is_bot": True},
        {"deleted": True},
        {"is_stranger": True},
        {"is_restricted": True},
        {"is_ultra_restricted": True},
        {"team_id": "T0OTHER"},
        {"id": "USLACKBOT"},
    ],
)
def test_who_is_not_an_active_person_of_the_workspace_may_not_act(more: Mapping[str, Any]) -> None:
    assert not person_of(user(**more), ME).may_act


def test_somebody_of_another_workspace_of_the_same_organisation_is_one_of_us() -> None:
    colleague = user(team_id="T0OTHER", enterprise_user={"enterprise_id": "E0ACME"})

    assert person_of(colleague, ME).may_act
