from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.domain.incident import Role, UserId
from bot.domain.policy import Slot
from bot.domain.roles import Directory, holders, references
from bot.engine import clockwork, lookup
from bot.engine.deliveries.job import Me
from bot.engine.lookup import person_of
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


async def in_force(workspace: Acme, **roster: Slot) -> None:
    named = {Role(role): slot for role, slot in roster.items()}
    policy = POLICY.model_copy(update={"roster": named, "version": f"roster {roster}"})
    bot = workspace.bot
    await bot.db.run(policies.activate, policy, workspace=bot.workspace, by="test", now=workspace.clock())


async def directory(workspace: Acme, **roster: Slot) -> Directory:
    """Put a roster in force, refresh it, and return who it resolves to."""
    await in_force(workspace, **roster)
    await workspace.bot._engine.roster.refresh()
    return await known(workspace)


async def known(workspace: Acme) -> Directory:
    return await workspace.bot.db.read(people.everyone, workspace=workspace.bot.workspace)


def without(workspace: Acme, *scopes: str) -> None:
    """Take scopes away from the app, as a reinstallation from another manifest does."""
    sandbox = workspace.sandbox
    sandbox.dispatch._desk = replace(sandbox.desk, granted=sandbox.desk.granted - set(scopes))


def hires(workspace: Acme, count: int) -> list[str]:
    """Let so many more people join Acme; return their e-mail addresses."""
    people = workspace.sandbox.workspace
    ana = people.person("ana")
    names = [f"hand{number}" for number in range(count)]
    for name in names:
        people.add_user(replace(ana, id=f"U0{name.upper()}", name=name, email=f"{name}@acme.example"))
    return [f"{name}@acme.example" for name in names]


async def test_at_the_first_start_the_roster_is_known_before_the_bot_takes_work(workspace: Acme) -> None:
    directory = await known(workspace)

    assert set(directory.references) == references(POLICY)
    assert [p.id for p in holders(POLICY, directory, Role("incident_manager"))] == ["U0IVAN"]


async def test_references_may_be_mails_ids_and_user_groups(workspace: Acme) -> None:
    found = await directory(
        workspace,
        a=Slot(primary=("Ana@acme.example",)),
        b=Slot(primary=("U0BEN",)),
        c=Slot(primary=("@oncall-platform",)),
        d=Slot(primary=("S0LEADS",)),
    )

    assert found.references["ana@acme.example"] == ("U0ANA",)
    assert found.references["u0ben"] == ("U0BEN",)
    assert set(found.references["@oncall-platform"]) == {"U0CARO", "U0DEV"}
    assert set(found.references["s0leads"]) == {"U0IVAN", "U0JUDY"}
    assert found.people[UserId("U0CARO")].email == "caro@acme.example"


@pytest.mark.parametrize("reference", ["nobody@acme.example", "U0NOBODY", "@no-such-group", "S0NONE"])
async def test_a_reference_that_slack_does_not_know_is_a_vacancy(workspace: Acme, reference: str) -> None:
    found = await directory(workspace, a=Slot(primary=(reference,)))

    assert found.references[reference.lower()] == ()


@pytest.mark.parametrize("name", ["dela", "extern", "gus"])
async def test_leavers_strangers_and_guests_hold_no_role(workspace: Acme, name: str) -> None:
    who = workspace.sandbox.workspace.person(name)
    found = await directory(workspace, a=Slot(primary=(who.id,)))

    assert found.resolve(who.id) == ()


async def test_when_slack_asks_for_patience_the_last_known_answer_stays(workspace: Acme) -> None:
    before = await directory(workspace, a=Slot(primary=("ana@acme.example", "ben@acme.example")))
    workspace.sandbox.faults.add(Fault("rate_limited", "users.lookupByEmail", times=2, retry_after=30))

    left = await workspace.bot._engine.roster.refresh()

    assert left == {"ana@acme.example", "ben@acme.example"}
    assert (await known(workspace)).references == before.references
    workspace.clock.skip(timedelta(seconds=31))
    assert not await workspace.bot._engine.roster.refresh(left)


@pytest.mark.parametrize(
    ("reference", "scope"),
    [
        ("ana@acme.example", "users:read.email"),
        ("U0ANA", "users:read"),
        ("@oncall-platform", "usergroups:read"),
        ("S0LEADS", "usergroups:read"),
    ],
)
async def test_a_scope_that_is_taken_away_empties_no_role_and_is_complained_of_once(
    workspace: Acme, caplog: pytest.LogCaptureFixture, reference: str, scope: str
) -> None:
    before = await directory(workspace, a=Slot(primary=(reference,)))
    without(workspace, scope)

    for _ in range(3):
        assert await workspace.bot._engine.roster.refresh() == {reference.lower()}

    assert (await known(workspace)).references == before.references
    [complaint] = [record.getMessage() for record in caplog.records if record.levelname == "ERROR"]
    assert f"Needed: {scope}; provided: " in complaint
    assert "keeps its last known answers" in complaint
    workspace.sandbox.violations.clear()


async def test_a_workspace_without_user_groups_has_nobody_in_them(workspace: Acme) -> None:
    workspace.sandbox.workspace.has_usergroups = False
    found = await directory(workspace, a=Slot(primary=("@oncall-platform", "S0LEADS")))

    assert found.references["@oncall-platform"] == found.references["s0leads"] == ()


async def test_many_people_are_read_from_one_page_and_only_who_is_not_on_it_is_asked_for(
    workspace: Acme,
) -> None:
    mails = [*hires(workspace, 48), "dela@acme.example", "nobody@acme.example"]
    before = {method: workspace.calls(method) for method in ("users.list", "users.lookupByEmail")}
    found = await directory(workspace, a=Slot(primary=tuple(mails)))

    assert found.references["hand47@acme.example"] == ("U0HAND47",)
    assert found.references["dela@acme.example"] == found.references["nobody@acme.example"] == ()
    assert workspace.calls("users.list") - before["users.list"] == 1
    assert workspace.calls("users.lookupByEmail") - before["users.lookupByEmail"] == 2


async def test_a_roster_of_fifty_is_known_at_slacks_own_pace(workspace: Acme) -> None:
    workspace.sandbox.rate_limits = "tiers"
    mails = hires(workspace, 50)
    found = await directory(workspace, a=Slot(primary=tuple(mails)))

    assert [mail for mail in mails if not found.resolve(mail)] == []
    assert {call.status for call in workspace.sandbox.calls} == {200}


async def test_people_are_found_on_every_page_of_a_large_workspace(
    workspace: Acme, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lookup, "PAGE", 20)
    mails = hires(workspace, 30)
    found = await directory(workspace, a=Slot(primary=tuple(mails)))

    assert all(found.references[mail] for mail in mails)
    assert workspace.calls("users.lookupByEmail") == 0


async def test_where_everybody_cannot_be_listed_they_are_asked_for_one_by_one(workspace: Acme) -> None:
    mails = hires(workspace, 30)
    workspace.sandbox.faults.add(Fault("rate_limited", "users.list", retry_after=30))
    found = await directory(workspace, a=Slot(primary=tuple(mails)))

    assert all(found.references[mail] for mail in mails)


async def test_a_bot_that_starts_before_slack_has_answered_says_whom_it_does_not_know(
    workspace: Acme, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(clockwork, "FIRST_ROSTER", 0.2)
    await in_force(workspace, a=Slot(primary=("ana@acme.example", "U0BEN")))
    monkeypatch.setattr(
        "tests.engine.acme.POLICY",
        await workspace.bot.db.read(policies.active, workspace=workspace.bot.workspace),
    )
    await workspace.bots_stop()
    workspace.sandbox.faults.add(Fault("latency", "users.info", seconds=0.6))
    await workspace.bot_starts()

    [warning] = [record.getMessage() for record in caplog.records if record.levelname == "WARNING"]
    assert "has not said yet who these are: u0ben." in warning
    assert "the audit log says so" in warning


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


async def test_whom_a_new_policy_names_is_looked_up_without_waiting_for_the_hour(workspace: Acme) -> None:
    roster = workspace.bot._engine.roster
    await roster.newcomers()
    (email,) = hires(workspace, 1)
    await in_force(workspace, l2=Slot(primary=(email,)))
    before = len(workspace.sandbox.calls)
    await roster.newcomers()
    assert (await known(workspace)).resolve(email)
    asked = len(workspace.sandbox.calls)
    assert asked > before
    await roster.newcomers()
    assert len(workspace.sandbox.calls) == asked, "while nothing changes Slack is not asked"
