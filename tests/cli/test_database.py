import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.cli.conftest import Tocsin
from tests.harness.story import Story

SEV2 = {"Business": "3", "Users": "3", "Data": "0", "Regulatory": "0"}


async def test_a_database_is_migrated_once_and_then_left_alone(tocsin: Tocsin, tmp_path: Path) -> None:
    for _ in range(2):
        ended = await tocsin("db", "migrate")
        assert (ended.code, ended.out) == (0, ["ok: the database is up to date"])
    assert (tmp_path / "tocsin.db").exists()
    ended = await tocsin("audit", "verify")
    assert (ended.code, ended.out) == (0, ["ok: 0 events, every hash as it was written"])


async def test_a_database_of_a_later_version_is_left_as_it_is(tocsin: Tocsin, tmp_path: Path) -> None:
    await tocsin("db", "migrate")
    with closing(sqlite3.connect(tmp_path / "tocsin.db")) as db:
        db.execute("UPDATE alembic_version SET version_num = '9999'")
        db.commit()
    for command in (("db", "migrate"), ("db", "aside"), ("audit", "verify")):
        ended = await tocsin(*command)
        assert (ended.code, ended.out) == (2, [])
        assert "migrated by a later version of Tocsin (to 9999" in ended.err[0]


async def test_a_database_of_an_earlier_version_is_told_how_to_go_on(tocsin: Tocsin, tmp_path: Path) -> None:
    await tocsin("db", "migrate")
    with closing(sqlite3.connect(tmp_path / "tocsin.db")) as db:
        db.execute("UPDATE alembic_version SET version_num = '0001'")
        db.commit()
    ended = await tocsin("audit", "verify")
    assert ended.code == 2
    assert "of an earlier version of Tocsin; `tocsin db migrate` brings it up to date" in ended.err[0]


@pytest.mark.parametrize("url", ["sqlite:////nowhere/at/all.db", "tocsin.db"])
async def test_a_database_that_cannot_be_used_ends_with_2_and_one_sentence(
    tocsin: Tocsin, monkeypatch: pytest.MonkeyPatch, url: str
) -> None:
    monkeypatch.setenv("TOCSIN_DATABASE_URL", url)
    for command in ("migrate", "aside"):
        ended = await tocsin("db", command)
        assert (ended.code, ended.out, len(ended.err)) == (2, [], 1)
        assert ended.err[0].startswith("tocsin: ")


async def test_what_was_set_aside_is_listed_with_its_reason(story: Story, tocsin: Tocsin) -> None:
    await story.opens("ana", "Checkout is down", **SEV2)
    ended = await tocsin("db", "aside")
    assert (ended.code, ended.out) == (0, ["nothing is set aside"])

    story.room("esc-incidents").members.remove("U0TOCSIN")
    await story.opens("ana", "Search is slow", **SEV2)
    ended = await tocsin("db", "aside")
    assert ended.code == 1
    [line] = ended.out
    assert line.split() == ["message", "announcement", "announcements", "not_in_channel"]
