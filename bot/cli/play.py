"""The story that `tocsin demo --play` tells: an incident from the first page to close, with a fast clock."""

from collections.abc import Mapping
from datetime import timedelta

from bot.app import Bot
from bot.cli.narrator import Narrator
from bot.cli.world import World
from bot.domain.incident import Incident, Severity, Status, Workspace
from bot.sandbox import Person
from storage import audit, incidents
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
        for part in (
            _opens,
            _nobody_answers,
            _works,
            _is_advised,
            _tells_the_outside,
            _keeps_promises,
            _closes,
        ):
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
    await _moves(tell, judy, "Contain")
    incident = await _incident(tell)
    tell.expect("the stage has moved", incident.stage == "contain")


async def _is_advised(tell: Narrator) -> None:
    tell.chapter("The advisor listens; people decide")
    dev, judy, tess = (_person(tell, name) for name in ("dev", "judy", "tess"))
    await _says(tell, dev, "All customers see errors now, payments fail everywhere")
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
    await _updates(
        mona,
        "Customer",
        {
            "What changed for users": "Orders go through again for most customers.",
            "What still hurts": "Some payments are still refused.",
            "Protective step": "We returned to the release of this morning.",
            "Next step": "We are checking every refused payment.",
            "When is the next update": "in 20m",
        },
    )
    await tell.does(mona, "drafts a customer update and promises the next one in 20 minutes")
    tell.expect("customers have read nothing yet", not mona.reads("customer-updates"))
    await mona.clicks("Approve", channel=ROOM, on="Orders go through")
    await tell.does(mona, "approves her own words, as comms lead")
    tell.expect("one person is not enough for SEV1", not mona.reads("customer-updates"))
    await ivan.clicks("Approve", channel=ROOM, on="Orders go through")
    await tell.does(ivan, "approves them, too")
    tell.expect("now customers can read them", mona.sees("Orders go through", channel="customer-updates"))


async def _keeps_promises(tell: Narrator) -> None:
    tell.chapter("Time passes; what was promised is kept")
    judy, dev, mona, ivan = (_person(tell, name) for name in ("judy", "dev", "mona", "ivan"))
    await tell.passes(6)
    await _says(tell, dev, "Release 40 is back, the error rate is falling")
    await _updates(
        judy,
        "Internal",
        {
            "Condition": "The cart works again, a few payments fail.",
            "Actions": "Release 40 is back (dev). Refused payments are checked (eli).",
            "Needs and blockers": "None.",
            "When is the next update": "in 30m",
        },
    )
    await tell.does(judy, "posts the update that is due at 09:26, and promises the next one")
    await _moves(tell, judy, "Diagnose")
    await tell.passes(9)
    await _says(tell, judy, "Release 41 broke the cart, we stay on 40")
    await _moves(tell, judy, "Resolve")
    await _updates(
        mona,
        "Customer",
        {
            "The fix that is in place": "All orders and payments go through again.",
            "What to expect": "A refused payment can be tried once more.",
            "Next step": "We watch payments for an hour.",
            "When is the next update": "in 60m",
        },
    )
    await tell.does(mona, "drafts the update that customers were promised")
    for person in (mona, ivan):
        await person.clicks("Approve", channel=ROOM, on="All orders and payments")
        await tell.does(person, "approves it")
    tell.expect("customers read it in time", mona.sees("All orders and payments", channel="customer-updates"))
    await tell.passes(9)
    for name in ("eli", "tess", "mona"):
        await _says(tell, _person(tell, name), "All is calm here")
    await _moves(tell, judy, "Recover")


async def _closes(tell: Narrator) -> None:
    tell.chapter("It is over")
    judy, tess = _person(tell, "judy"), _person(tell, "tess")
    await tell.passes(11)
    await _says(tell, judy, "No errors for ten minutes")
    await _moves(tell, judy, "Review")
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
    late = await _bot(tell).db.read(audit.events, (await _incident(tell)).id, "comms.overdue")
    tell.expect("no promised update was late", not late)
    tell.expect("two people closed it", (await _incident(tell)).status is Status.CLOSED)
    await tell.passes(60 * 24 * 8)
    chain = await _bot(tell).db.read(verify)
    tell.expect(f"the audit chain of {chain.count} events verifies", chain.ok)


async def _says(tell: Narrator, person: Person, words: str) -> None:
    await person.says(words, channel=ROOM)
    await tell.does(person, f"says: {words}")


async def _moves(tell: Narrator, person: Person, stage: str) -> None:
    await person.clicks(stage, channel=ROOM)
    await tell.does(person, f"moves the incident to {stage}")


async def _updates(person: Person, audience: str, answers: Mapping[str, str]) -> None:
    await person.clicks("Post update", channel=ROOM)
    await person.fills({"For whom": audience})
    await person.fills(answers)
    await person.submits()


async def _incident(tell: Narrator) -> Incident:
    return await _bot(tell).db.read(incidents.by_number, ACME, 1)


def _bot(tell: Narrator) -> Bot:
    assert tell.world.bot is not None, "a story needs its bot"
    return tell.world.bot


def _person(tell: Narrator, name: str) -> Person:
    return tell.world.person(name)
