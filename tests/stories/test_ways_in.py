import pytest

from bot.domain.incident import Severity
from bot.domain.items import ItemKind
from tests.harness.story import Story, telling

ROOM = "inc-1-checkout-is-down"
SEV2 = {"Business": "3", "Users": "3", "Data": "0", "Regulatory": "0"}


@pytest.mark.parametrize("transport", ["socket", "http"])
@pytest.mark.promise("M-01")
async def test_an_incident_is_opened_and_answered_over_either_transport(
    tmp_path_factory: pytest.TempPathFactory, transport: str
) -> None:
    async with telling(tmp_path_factory.mktemp(transport), transport=transport) as story:
        incident = await story.opens("ana", "Checkout is down", **SEV2)
        assert (incident.severity, incident.channel_name) == (Severity.SEV2, ROOM)
        assert story.ana.form is None
        assert story.ivan.sees("Asked now", channel=ROOM)

        await story.ivan.clicks("Acknowledge")
        told = await story.caro.runs("/incident", "who", channel=ROOM)
        assert "incident manager: @ivan has it" in " ".join(told)
        await story.caro.reacts("eyes", on="you are asked")
        assert [event.actor for event in await story.audit("ack.received")] == ["U0IVAN", "U0CARO"]


async def test_the_global_shortcut_opens_an_empty_form(story: Story) -> None:
    await story.ana.uses_shortcut("Open an incident")
    assert story.ana.form.values["What is wrong?"] in (None, "")
    await story.ana.fills({"What is wrong": "Checkout is down", **SEV2})
    await story.ana.submits()
    assert (await story.incident()).title == "Checkout is down"
    assert story.ivan.sees("Checkout is down", channel=ROOM)


async def test_a_message_becomes_title_and_summary(story: Story) -> None:
    await story.ben.says("Checkout is down\nsince nine, for <everybody>", channel="general")
    await story.ana.uses_message_shortcut("Open from this message", on="since nine", channel="general")
    assert story.ana.form.values["What is wrong?"] == "Checkout is down"
    await story.ana.fills(SEV2)
    await story.ana.submits()
    incident = await story.incident()
    assert (incident.title, incident.opened_by) == ("Checkout is down", "U0ANA")
    assert "since nine, for <everybody>" in incident.summary


async def test_escalate_opens_an_incident_where_there_is_none(story: Story) -> None:
    await story.ana.runs("/escalate", "Checkout is down", channel="general")
    assert story.ana.form.values["What is wrong?"] == "Checkout is down"
    await story.ana.fills(SEV2)
    await story.ana.submits()
    assert (await story.incident()).channel_name == ROOM


@pytest.mark.promise("S3-04")
async def test_escalate_inside_asks_the_next_people_now_and_then_the_next_role(story: Story) -> None:
    await story.opens("ana", "Checkout is down", **SEV2)
    told = await story.ana.runs("/escalate", "", channel=ROOM)
    assert "judy" in " ".join(told)
    assert story.ana.form is None
    assert any("somebody asked for the next person without waiting" in text for text in story.judy.inbox)
    assert any("you are asked" in text for text in story.dev.inbox)

    await story.judy.clicks("Acknowledge")
    await story.dev.clicks("Acknowledge")
    told = await story.ana.runs("/escalate", "", channel=ROOM)
    assert "@eli as L3 database" in " ".join(told)
    roles = [item.role for item in await story.items() if item.kind is ItemKind.ACKNOWLEDGE]
    assert roles == ["incident_manager", "l2", "l3"]
