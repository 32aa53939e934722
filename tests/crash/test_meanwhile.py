from itertools import count
from pathlib import Path

import pytest

from tests.crash.scenarios import SCENARIOS
from tests.harness.crashing import Kill, MortalStory, mortals
from tests.harness.lives import Zygote

pytestmark = pytest.mark.crash

ASKED = ("ivan", "caro", "mona")


def is_asked(story: MortalStory, name: str) -> bool:
    return any("[Acknowledge]" in message for message in story.world.person(name).inbox)


async def test_a_page_answered_while_nobody_knew_that_it_was_posted_shows_the_answer(
    zygote: Zygote, tmp_path: Path
) -> None:
    for number in count(1):
        async with mortals(zygote, tmp_path / str(number)) as story:
            await SCENARIOS["opening"].before(story)
            story.mortals.plan(Kill(at="call", moment="after", number=number, method="chat.postMessage"))
            await story.submits("ana")
            assert story.mortals.struck, "no page was the last thing that a bot did"
            paged = [name for name in ASKED if is_asked(story, name)]
            if not paged:
                continue

            for name in paged:
                await story.insists(name, "Acknowledge", on="you are asked")
            await story.until(9, 5)

            assert [name for name in ASKED if not is_asked(story, name)] == paged
            return
