"""The story that `tocsin demo --play` tells: an incident from the first page to close, with a fast clock."""

from datetime import timedelta

from bot.cli.narrator import Narrator
from bot.cli.world import World
from bot.domain.incident import Incident, Severity, Status, Workspace
from bot.sandbox import Person
from storage import incidents
from storage.verification import verify

ROOM = "inc-1-checkout-is-down"
ACME = Workspace(team_id="T0ACME")


async def play(world: World) -> int:
    """Play the whole story and return 0 only if every expected thing happened."""
    tell = Narrator(world)
    print("Acme Cloud, Friday 20 November 2026. Times are UTC; the clock runs fast.")
    try:
        await world.start()
        await tell.follows()
        for part in (_opens, _nobody_answers, _works, _is_advised, _tells_the_outside, _closes):
            await part(tell)
    finally:
        await world.stop()
    for illegal in world.sandbox.violations:
        tell.expect(f"no illegal Slack call, but: {illegal}", False)
    print(f"\n{'Everything happened as it should.' if not tell.missing else 'MISSING:'}")
    for missing in tell.missing:
        print(f"  {missing}")
    return 1 if tell.missing else 0


async def _opens(tell: Narrator) -> None:
    tell.chapter("Somebody notices")
    ana = _person(tell, "ana")
    await ana.runs("/incident", "open Checkout is down", channel="general")
    await ana.fills({"Business impact": "3", "Users": "2", "Data": "0", "Regulatory": "0"})
    await ana.submits()
    await tell.does(ana, "opens an incident: Checkout is down")
    incident = await _incident(tell)
    tell.expect("severity is computed, with its reason", incident.severity is Severity.SEV2)
    tell.expect("one channel of its own", incident.channel_name == ROOM)
    ivan = _person(tell, "ivan")
    tell.expect(
        "the incident manager is asked in person", any("you are asked" in text for text in ivan.inbox)
    )


async def _nobody_answers(tell: Narrator) -> None:
    tell.chapter("Nobody answers")
    await tell.passes(16)
    judy = _person(tell, "judy")
    tell.expect("the backup is asked at the target", any("you are asked" in text for text in judy.inbox))
    for name in ("judy", "dev"):
        person = _person(tell, name)
        await person.clicks("Acknowledge")
        await tell.does(person, "presses Acknowledge")
    incident = await _incident(tell)
    tell.expect("somebody leads", incident.lead == judy.id and incident.status is Status.ACKNOWLEDGED)


async def _works(tell: Narrator) -> None:
    tell.chapter("People work")
    judy = _person(tell, "judy")
    await judy.clicks("Next step", channel=ROOM)
    due = tell.world.clock() + timedelta(minutes=30)
    await judy.fills({"What happens next": "Roll back release 41", "Who does it": "dev", "By when": due})
    await judy.submits()
    await tell.does(judy, "hands the next step to dev: roll back release 41, in 30 minutes")
    await judy.runs("/incident", "triage", channel=ROOM)
    await judy.fills(
        {
            "Is it seen by two": "Yes",
            "Does it harm": "Yes",
            "Is it anything but": "Yes",
            "How far": "External",
            "Is the severity right": "Yes",
        }
    )
    await judy.submits()
    await tell.does(judy, "answers the triage: credible, felt outside, the severity is right")
    await judy.clicks("Contain", channel=ROOM)
    await tell.does(judy, "moves the incident to Contain")
    incident = await _incident(tell)
    tell.expect("the stage has moved", incident.stage == "contain")


async def _is_advised(tell: Narrator) -> None:
    tell.chapter("The advisor listens; people decide")
    dev, judy, tess = (_person(tell, name) for name in ("dev", "judy", "tess"))
    await dev.says("All customers see errors now, payments fail everywhere", channel=ROOM)
    await tell.does(dev, "says: All customers see errors now, payments fail everywhere")
    before = await _incident(tell)
    tell.expect("advice alone changes nothing", before.severity is Severity.SEV2)
    await judy.says("approve", channel=ROOM)
    await tell.does(judy, "types: approve")
    tell.expect("words alone change nothing", (await _incident(tell)).severity is Severity.SEV2)
    await judy.clicks("Approve", channel=ROOM, on="AI suggestion")
    await tell.does(judy, "presses Approve on the suggestion")
    after = await _incident(tell)
    tell.expect("a person's click does", after.severity is Severity.SEV1)
    tell.expect("new roles are asked in person", any("you are asked" in text for text in tess.inbox))
    for name in ("tess", "eli", "mona"):
        person = _person(tell, name)
        await person.clicks("Acknowledge")
        await tell.does(person, "presses Acknowledge")


async def _tells_the_outside(tell: Narrator) -> None:
    tell.chapter("Words to the outside need a person, too")
    mona, ivan = _person(tell, "mona"), _person(tell, "ivan")
    await mona.clicks("Post update", channel=ROOM)
    await mona.fills({"For whom": "Customer"})
    await mona.fills(
        {
            "What changed for users": "Orders go through again for most customers.",
            "What still hurts": "Some payments are still refused.",
            "Protective step": "We returned to the release of this morning.",
            "Next step": "We are checking every refused payment.",
            "When is the next update": "in 20m",
        }
    )
    await mona.submits()
    await tell.does(mona, "drafts a customer update and promises the next one in 20 minutes")
    tell.expect("customers have read nothing yet", not mona.reads("customer-updates"))
    await mona.clicks("Approve", channel=ROOM, on="Orders go through")
    await tell.does(mona, "approves her own words, as comms lead")
    tell.expect("one person is not enough for SEV1", not mona.reads("customer-updates"))
    await ivan.clicks("Approve", channel=ROOM, on="Orders go through")
    await tell.does(ivan, "approves them, too")
    tell.expect("now customers can read them", mona.sees("Orders go through", channel="customer-updates"))


async def _closes(tell: Narrator) -> None:
    tell.chapter("It is over")
    judy, tess = _person(tell, "judy"), _person(tell, "tess")
    for minutes, words in (
        (10, "Error rate is falling"),
        (12, "Payments look normal"),
        (12, "All orders flow"),
    ):
        await tell.passes(minutes)
        for person in (judy, tess):
            await person.says(words, channel=ROOM)
        await tell.does(judy, f"says: {words}")
    for stage in ("Diagnose", "Resolve", "Recover", "Review"):
        await judy.clicks(stage, channel=ROOM)
        await tell.does(judy, f"moves the incident to {stage}")
    await judy.clicks("Close", channel=ROOM)
    await judy.fills(
        {
            "What caused it": "Release 41 broke the cart",
            "How sure": "Root cause",
            "What was done": "Rolled back to release 40",
            "How do you know": "Orders flow again, error rate below 0.1 % for an hour, checked by dev",
        }
    )
    await judy.submits()
    await tell.does(judy, "asks to close")
    await tess.clicks("Approve", channel=ROOM, on="Close to approve")
    await tell.does(tess, "agrees")
    tell.expect("two people closed it", (await _incident(tell)).status is Status.CLOSED)
    await tell.passes(60 * 24 * 8)
    assert tell.world.bot is not None, "a story needs its bot"
    chain = await tell.world.bot.db.read(verify)
    tell.expect(f"the audit chain of {chain.count} events verifies", chain.ok)


async def _incident(tell: Narrator) -> Incident:
    assert tell.world.bot is not None, "a story needs its bot"
    return await tell.world.bot.db.read(incidents.by_number, ACME, 1)


def _person(tell: Narrator, name: str) -> Person:
    return tell.world.person(name)
