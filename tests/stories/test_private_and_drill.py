from tests.harness.story import Story

SEV2 = {"Business": "3", "Users": "3", "Data": "0", "Regulatory": "0"}
PLACES = ("esc-incidents", "esc-catchall", "general", "customer-updates", "executive-briefs")


async def test_a_private_incident_shows_itself_only_to_its_people(story: Story) -> None:
    incident = await story.opens("ana", "Payroll was copied", **SEV2, Which=["Keep it private"])
    assert incident.channel_name == "inc-1-private"
    room = story.room("inc-1-private")
    assert room.is_private
    assert set(room.members) == {"U0ANA", "U0IVAN", "U0CARO", "U0MONA", "U0TOCSIN"}
    assert story.ivan.sees("Payroll was copied", channel="inc-1-private")
    assert any("Payroll was copied" in text for text in story.ivan.inbox)

    await story.ivan.clicks("Acknowledge")
    for name in ("ben", "eli"):
        assert not story.person(name).sees("Payroll")
        listed = " ".join(await story.person(name).runs("/incident", "list"))
        assert "INC-1 (SEV2) private, opened" in listed
        await story.person(name).opens_home()
        assert "Payroll" not in listed + story.person(name).home
    for place in PLACES:
        assert not story.ivan.sees("INC-1", channel=place), f"nothing is announced in #{place}"


async def test_a_drill_says_so_wherever_it_is_seen(story: Story) -> None:
    incident = await story.opens("ana", "Checkout is down", **SEV2, Which=["This is a drill"])
    room = incident.channel_name
    assert incident.drill
    assert room is not None
    [card] = [text for text in story.ivan.reads(room) if "Asked now" in text]
    assert card.startswith("DRILL")
    for name in ("ivan", "caro"):
        [page] = [text for text in story.person(name).inbox if "you are asked" in text]
        assert "DRILL INC-1 (SEV2)" in page
    assert story.ben.sees("This is a drill: nothing here is real.", channel="esc-incidents")
    assert "DRILL" in story.room(room).topic.value
    assert "DRILL INC-1" in " ".join(await story.ana.runs("/incident", "list"))
    assert "DRILL INC-1" in " ".join(await story.ivan.runs("/incident", "mine"))
    await story.minutes_pass(60 * 4)
    assert story.ben.sees("Nobody has answered for DRILL INC-1", channel="esc-catchall")
