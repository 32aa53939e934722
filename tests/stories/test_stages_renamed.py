import shutil
from pathlib import Path
from typing import Any

import pytest

from bot import packs
from bot.domain.incident import Status
from bot.domain.policy import Policy
from tests.harness.story import telling

ROOM = "inc-1-search-is-slow"
SEV3: dict[str, Any] = {"Business": "2", "Users": "2", "Data": "0", "Regulatory": "0", "Which": ["Customers"]}

# Five stages: two have other names, two of the shipped six are gone, one is new.
FIVE = """
stages:
  look:
    label: Have a look
    meaning: Find out what is wrong.
    leads_to: [hold]
    texts: [{audience: internal, template: triage.internal, approve: false}]
  hold:
    label: Hold the line
    meaning: Stop the harm from growing.
    moment: contain
    meets: contain
    leads_to: [mend]
    exit: [{id: calm, text: the curve is flat}]
    texts: [{audience: customer, template: contain.customer, approve: true, customer_visible_only: true}]
  mend:
    label: Mend it
    meaning: Put the fix in place.
    moment: resolve
    meets: resolve
    leads_to: [hold, vendor, watch]
  vendor:
    label: Wait for the vendor
    meaning: Somebody outside works on it.
    leads_to: [mend, watch]
  watch:
    label: Keep watching
    meaning: See that it holds.
    moment: close
    leads_to: [mend]
"""


def five_stages(tmp_path: Path) -> Policy:
    """The default pack with five stages of its own, written and read as people would."""
    pack = Path(shutil.copytree(packs.DEFAULT, tmp_path / "pack"))
    (pack / "stages.yaml").write_text(FIVE)
    for name in ("severities.yaml", "thresholds.yaml"):
        lines = (pack / name).read_text().splitlines(keepends=True)
        (pack / name).write_text("".join(line for line in lines if not line.startswith("    stages: [")))
    return packs.load(pack)


@pytest.mark.promise("S0-33")
async def test_an_organisation_names_its_own_stages_from_opening_to_close(tmp_path: Path) -> None:
    policy = five_stages(tmp_path)
    async with telling(tmp_path, policy=policy) as story:
        opened = await story.opens("ana", "Search is slow", **SEV3)
        assert opened.stage == "look", "an incident begins in the first stage, whatever it is called"
        await story.caro.clicks("Acknowledge", on="you are asked")

        told = " ".join(await story.caro.runs("/incident", "stage triage", channel=ROOM))
        assert "Have a look, Hold the line, Mend it, Wait for the vendor, Keep watching" in told
        assert "For example /incident stage hold" in told, "the example is one of this policy"

        told = " ".join(await story.caro.runs("/incident", "stage hold the line", channel=ROOM))
        assert "INC-1 is in Hold the line now." in told
        draft = [e for e in await story.audit("comms.drafted") if e.data["value"]["stage"] == "hold"]
        assert [e.data["value"]["template"] for e in draft] == ["contain.customer"]

        await story.mona.clicks("Post update", channel=ROOM)
        await story.mona.fills({"For whom": "Customer"})
        form = story.world.person("mona").form
        assert form is not None
        assert "Protective step taken" in form.labels, "the stage says which text fits"
        await story.mona.closes()

        await story.caro.clicks("Mend it", channel=ROOM)
        await story.caro.fills({"Which of these hold": ["the curve is flat"]})
        await story.caro.submits()
        assert (await story.incident()).stage == "mend"
        await story.caro.clicks("Wait for the vendor", channel=ROOM)
        await story.caro.clicks("Keep watching", channel=ROOM)
        assert (await story.incident()).stage == "watch"
        assert story.ana.sees("Keep watching", channel=ROOM)

        await story.caro.runs("/incident", "close", channel=ROOM)
        await story.caro.fills(
            {
                "What caused it": "A lost index",
                "How sure": "Root",
                "What was done": "Built it anew",
                "How do you": "It is fast",
            }
        )
        await story.caro.submits()
        assert (await story.incident()).status is Status.CLOSED
        await story.caro.runs("/incident", "reopen INC-1")
        await story.caro.fills({"Why": "It is slow again", "What happens next": "Look at the index"})
        await story.caro.submits()
        again = await story.incident()
        assert (again.status, again.stage) == (Status.OPEN, "look")
        moves = [(e.data["from"], e.data["to"]) for e in await story.audit("stage.entered")]
        assert moves == [("look", "hold"), ("hold", "mend"), ("mend", "vendor"), ("vendor", "watch")]
