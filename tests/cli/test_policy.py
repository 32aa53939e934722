import json
from pathlib import Path

import pytest

from bot import packs
from bot.packs import schema
from tests.cli.conftest import Tocsin


async def test_a_pack_of_ones_own_begins_as_a_copy_that_is_good(tocsin: Tocsin, tmp_path: Path) -> None:
    ended = await tocsin("policy", "init", "policy")
    assert ended.code == 0
    assert "Put your people into policy/roster.yaml" in ended.out[0]
    assert "  tocsin policy check policy" in ended.out

    ended = await tocsin("policy", "check", "policy")
    policy = packs.load(packs.DEFAULT)
    assert ended.code == 0
    assert ended.out[-1].startswith(
        f"policy: ok, version {policy.version[:12]}, 5 severities, {len(policy.roles)} roles"
    )
    written = {path.relative_to(tmp_path / "policy") for path in (tmp_path / "policy").rglob("*.*")}
    assert written == {path.relative_to(packs.DEFAULT) for path in packs.DEFAULT.rglob("*.*")}


async def test_every_mistake_is_named_with_file_and_line(tocsin: Tocsin, tmp_path: Path) -> None:
    await tocsin("policy", "init", "policy")
    roster = tmp_path / "policy" / "roster.yaml"
    roster.write_text(roster.read_text().replace("roles:", "rolls:", 1))
    severities = tmp_path / "policy" / "severities.yaml"
    severities.write_text(severities.read_text().replace("{minutes: 5}", "{minutes: soon}", 1))

    ended = await tocsin("policy", "check", "policy")
    assert (ended.code, ended.out) == (1, [])
    assert any(line.startswith("policy/roster.yaml:") and ":1: error: rolls:" in line for line in ended.err)
    [soon] = [n for n, line in enumerate(ended.err) if "'soon'" in line]
    assert ended.err[soon].startswith("policy/severities.yaml:11:")
    assert ended.err[soon + 1] == "    for example: minutes: 5"
    assert ended.err[-1].endswith("this pack cannot be used")


async def test_a_pack_that_is_not_there_is_named(tocsin: Tocsin) -> None:
    ended = await tocsin("policy", "check", "polcy")
    assert ended.code == 1
    assert (
        "polcy: error: found no such folder; expected a folder with the YAML files of a pack" in ended.err[0]
    )


@pytest.mark.parametrize("format", ["json", "sarif"])
async def test_scripts_and_code_scanning_get_theirs_on_standard_output(
    tocsin: Tocsin, tmp_path: Path, format: str
) -> None:
    await tocsin("policy", "init", "policy")
    (tmp_path / "policy" / "extra.yaml").write_text("colour: red\n")

    ended = await tocsin("policy", "check", "policy", "--format", format)
    assert (ended.code, ended.err) == (1, [])
    assert json.loads("\n".join(ended.out))
    assert "policy/extra.yaml" in "".join(ended.out) or "extra.yaml" in "".join(ended.out)


async def test_a_format_that_does_not_exist_is_a_wrong_use(tocsin: Tocsin) -> None:
    assert (await tocsin("policy", "check", "policy", "--format", "xml")).code == 2


async def test_warnings_are_shown_and_the_pack_is_good(tocsin: Tocsin, tmp_path: Path) -> None:
    await tocsin("policy", "init", "policy")
    severities = tmp_path / "policy" / "severities.yaml"
    severities.write_text(
        severities.read_text().replace("label: critical", "label: critical\n    review_by: 2020-01-01", 1)
    )

    ended = await tocsin("policy", "check", "policy")
    assert ended.code == 0
    assert any("warning: severities.SEV1.review_by" in line for line in ended.out)
    assert "1 warning" in ended.out[-1] or "warnings" in ended.out[-1]


async def test_the_schema_is_printed_or_written(tocsin: Tocsin, tmp_path: Path) -> None:
    printed = await tocsin("policy", "schema")
    assert printed.code == 0
    assert json.loads("\n".join(printed.out)) == schema.schema()

    written = await tocsin("policy", "schema", "--out", "mine.json")
    assert written.code == 0
    assert "  # yaml-language-server: $schema=mine.json" in written.out
    assert (tmp_path / "mine.json").read_text() == schema.text()

    refused = await tocsin("policy", "schema", "--out", "no/such/place.json")
    assert refused.code == 2
    assert "no/such/place.json cannot be written" in refused.err[0]


async def test_nothing_is_ever_overwritten(tocsin: Tocsin, tmp_path: Path) -> None:
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "letter.txt").write_text("Dear policy")
    (tmp_path / "file").write_text("not a folder")
    for name in ("full", "file"):
        ended = await tocsin("policy", "init", name)
        assert (ended.code, ended.out) == (2, [])
        assert ended.err == [
            f"{name} is there already. Name a new folder, for example: tocsin policy init policy"
        ]
    ended = await tocsin("policy", "init", "file/policy")
    assert ended.code == 2
    assert "file/policy cannot be written (Not a directory)" in ended.err[0]


async def test_an_empty_folder_will_do(tocsin: Tocsin, tmp_path: Path) -> None:
    (tmp_path / "policy").mkdir()
    assert (await tocsin("policy", "init", "policy")).code == 0
