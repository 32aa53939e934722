from bot.domain.items import ItemKind
from bot.usecases import policy
from tests.harness.story import ACME, Story

ROOM = "inc-1-search-is-slow"
SEV3 = {"Business": "2", "Users": "2", "Data": "0", "Regulatory": "0"}


async def a_stricter_policy_is_in_force(story: Story) -> str:
    """Another version comes into force while an incident runs; at SEV3 half as much time is left to answer."""
    active = await story.reads(policy.active, workspace=ACME)
    level = next(row for row in active.severities if row.name == "SEV3")
    row = active.severities[level]
    assert row.contain is not None
    quicker = row.model_copy(
        update={"contain": row.contain.model_copy(update={"days": None, "minutes": 90, "working": False})}
    )
    newer = active.model_copy(
        update={"version": "newer0000000", "severities": {**active.severities, level: quicker}}
    )
    await story.asks(policy.activate, newer, by="a-test")
    return str(newer.version)


async def test_an_incident_keeps_its_policy_until_somebody_moves_it_on_purpose(story: Story) -> None:
    await story.opens("ana", "Search is slow", **SEV3)
    await story.caro.clicks("Acknowledge")
    began = await story.incident()
    newer = await a_stricter_policy_is_in_force(story)
    assert (await story.incident()).policy_version == began.policy_version
    assert (await story.incident()).targets == began.targets

    told = await story.ana.runs("/incident", "policy move", channel=ROOM)
    assert "moved to another policy by" in " ".join(told)
    assert (await story.incident()).policy_version == began.policy_version

    told = await story.caro.runs("/incident", "policy move", channel=ROOM)
    assert "works by policy newer0000000 now" in " ".join(told)
    moved = await story.incident()
    assert moved.policy_version == newer
    assert moved.targets["contain"] < began.targets["contain"]
    assert story.dev.sees("moved INC-1 from policy", channel=ROOM)
    pages = [item for item in await story.items() if item.kind is ItemKind.ACKNOWLEDGE and item.role == "l2"]
    assert [page.answered_by for page in pages] == ["U0CARO"], "nobody's answer is lost"
    facts = await story.audit("policy.moved")
    assert [(e.actor, e.rule, e.data["from"], e.data["to"]) for e in facts] == [
        ("U0CARO", "policy.move", began.policy_version, newer)
    ]

    told = await story.caro.runs("/incident", "policy move", channel=ROOM)
    assert "works by the policy in force already" in " ".join(told)


async def test_the_next_incident_begins_with_the_version_in_force(story: Story) -> None:
    newer = await a_stricter_policy_is_in_force(story)
    await story.opens("ana", "Search is slow", **SEV3)
    assert (await story.incident()).policy_version == newer
