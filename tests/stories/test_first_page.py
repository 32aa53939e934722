from tests.harness.story import Story


async def test_an_opened_incident_gets_its_channel_its_card_and_its_people(story: Story) -> None:
    await story.ana.runs("/incident", "open Checkout is down", channel="general")
    await story.ana.fills({"Business": "3", "Users": "3", "Data": "0", "Reg": "0", "Which": ["Customers"]})
    print([b for b in story.ana.form.text] if 0 else story.ana.form.text)
    await story.ana.submits()
    print([ (c.method, c.ok, c.error) for c in story.sandbox.calls if 'lookup' not in c.method])
    incident = await story.incident()
    print(incident)
    ws=story.world.sandbox.workspace
    for c in ws.channels.values():
        if c.messages: print("=====", c.name, c.id, c.topic, c.members)
        for m in c.messages.values(): print(story.ivan.user if 0 else '', m.ts, m.user, m.text)
    print(story.ivan.inbox)
    for p in story.ivan.reads("inc-1-checkout-is-down"): print("--", p)
    await story.minutes_pass(40)
    for p in story.ivan.reads("inc-1-checkout-is-down"): print("--", p)
    for e in await story.audit(): print(e.at.time(), e.kind, e.actor, e.rule, str(e.data)[:150])
    assert 0
