import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from pydantic import SecretStr
from sqlalchemy import text

from bot import packs
from bot.app import Bot
from bot.domain.incident import Role
from bot.domain.items import ItemKind, Reason
from bot.settings import HalfConfigured, Settings
from bot.usecases import policy
from storage.database import Database, DatabaseReadOnly, DatabaseTooNew
from tests.harness.story import ACME, Story, telling

SEV2 = {"Business": "3", "Users": "3", "Data": "0", "Regulatory": "0"}


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    """A copy of the default pack, to be spoiled."""
    return shutil.copytree(packs.DEFAULT, tmp_path / "policy")


def rewritten(file: Path, *changes: tuple[str, str]) -> None:
    written = file.read_text()
    for before, after in changes:
        assert before in written
        written = written.replace(before, after, 1)
    file.write_text(written)


def another_bot(story: Story, database_url: str, pack: Path | None = None) -> Bot:
    """Make a bot as `tocsin run` makes it: from its settings alone."""
    settings = Settings(
        bot_token=SecretStr(story.sandbox.bot_token),
        app_token=SecretStr(story.sandbox.app_token),
        api_url=story.sandbox.api_url,
        database_url=database_url,
        policy=pack,
    )
    return Bot(settings, clock=story.world.clock, transport=None)


def spoil(pack: Path) -> list[str]:
    """Make three mistakes in two files; return where they are."""
    rewritten(pack / "policy.yaml", ("owner: ", "colour: red\nowner: "))
    rewritten(
        pack / "severities.yaml",
        ("acknowledge: {minutes: 5}", "acknowledge: {minutes: soon}"),
        ("contain: {minutes: 60}", "contain: {minutes: -60}"),
    )
    return [
        place(pack / "policy.yaml", "colour: red"),
        place(pack / "severities.yaml", "{minutes: soon}"),
        place(pack / "severities.yaml", "{minutes: -60}"),
    ]


def place(file: Path, words: str) -> str:
    """Return file and line of what stands there."""
    number = file.read_text().split(words)[0].count("\n") + 1
    return f"{file.name}:{number}:"


async def test_a_broken_pack_is_refused_with_every_error_and_the_last_good_version_stays(
    story: Story, tmp_path: Path, pack: Path
) -> None:
    good = await story.reads(policy.active, workspace=ACME)
    places = spoil(pack)
    with pytest.raises(packs.PackError) as refused:
        packs.load(pack)
    problems = [str(problem) for problem in refused.value.problems]
    assert len(problems) == len(places)
    assert all(any(problem.startswith(place) for problem in problems) for place in places)

    bot = another_bot(story, f"sqlite:///{tmp_path / 'tocsin.db'}", pack)
    await bot.start()
    await bot.settle()
    await bot.stop()

    [told] = [said for said in story.ivan.inbox if "policy pack was refused" in said]
    assert (
        f"{len(problems)} problems. Nothing was changed: version {good.version[:12]} stays in force." in told
    )
    assert all(place in told for place in places)
    assert not any("policy pack was refused" in said for said in story.ana.inbox), (
        "only who answers for it is told"
    )

    [row] = await story.audit("input.rejected")
    assert row.data["what"] == "policy pack"
    assert all(problem in row.data["why"] for problem in problems)
    assert (await story.reads(policy.active, workspace=ACME)).version == good.version
    assert len(await story.audit("policy.changed")) == 1
    incident = await story.opens("ana", "Checkout is down", **SEV2)
    assert incident.policy_version == good.version


async def test_a_broken_pack_at_the_very_first_start_stops_it_and_lists_every_error(
    story: Story, tmp_path: Path, pack: Path
) -> None:
    places = spoil(pack)
    with pytest.raises(HalfConfigured) as refused:
        await another_bot(story, f"sqlite:///{tmp_path / 'fresh.db'}", pack).start()
    assert all(place in str(refused.value) for place in places)


async def test_a_user_group_that_does_not_exist_leaves_one_row_and_the_next_rung_is_asked(
    tmp_path: Path, pack: Path
) -> None:
    rewritten(
        pack / "roster.yaml",
        ("incident_manager: {primary: [ivan@acme.example]", 'incident_manager: {primary: ["@no-such-group"]'),
    )
    async with telling(tmp_path, policy=packs.load(pack)) as story:
        await story.world.stop_bot()
        await story.world.start_bot()
        [row] = await story.audit("roster.vacant")
        assert row.data["reference"] == "@no-such-group"

        await story.opens("ana", "Checkout is down", **SEV2)
        pages = {i.role: i for i in await story.items() if i.kind is ItemKind.ACKNOWLEDGE}
        assert pages[Role("incident_manager")].asked == ("U0JUDY",), "nobody is silently not asked"
        assert pages[Role("incident_manager")].reason is Reason.VACANCY
        assert any("you are asked" in said for said in story.judy.inbox)


def read_only(url: str) -> str:
    return url.replace("sqlite:///", "sqlite:///file:") + "?mode=ro&uri=true"


def of_the_future(url: str) -> str:
    database = Database(url)
    with database.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999_of_the_future'"))
    database.close()
    return url


@pytest.mark.parametrize(
    ("spoiled", "error", "words"),
    [
        (read_only, DatabaseReadOnly, "give the bot's user write access"),
        (of_the_future, DatabaseTooNew, "install that version or restore the backup"),
    ],
)
async def test_a_database_that_cannot_be_used_stops_the_start_in_one_sentence_and_stays_as_it_is(
    story: Story, tmp_path: Path, spoiled: Callable[[str], str], error: type[Exception], words: str
) -> None:
    await story.opens("ana", "Checkout is down", **SEV2)
    rows = len(await story.audit())
    await story.world.stop_bot()
    url = f"sqlite:///{tmp_path / 'tocsin.db'}"
    with pytest.raises(error, match=words) as refused:
        await another_bot(story, spoiled(url)).start()
    assert str(refused.value).count("\n") == 0

    database = Database(url)
    with database.engine.begin() as connection:
        assert connection.execute(text("SELECT count(*) FROM audit_event")).scalar() == rows
    database.close()
