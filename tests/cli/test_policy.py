from pathlib import Path

from bot import packs
from tests.cli.conftest import Tocsin


async def test_a_pack_of_ones_own_begins_as_a_copy_that_is_good(tocsin: Tocsin, tmp_path: Path) -> None:
    ended = await tocsin("policy", "init", "policy")
    assert ended.code == 0
    assert "Put your people into policy/roster.yaml" in ended.out[0]
    assert "  tocsin policy check policy" in ended.out

    ended = await tocsin("policy", "check", "policy")
    version = packs.load(packs.DEFAULT).version[:12]
    assert (ended.code, ended.out) == (0, [f"policy: ok, version {version}, 5 severities, 13 roles"])
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
    assert "problem" in ended.err[0]
    assert any(line.startswith("  roster.yaml:3:") for line in ended.err)
    assert any(line.startswith("  severities.yaml:10:") and "soon" in line for line in ended.err)


async def test_a_pack_that_is_not_there_is_named(tocsin: Tocsin) -> None:
    ended = await tocsin("policy", "check", "polcy")
    assert ended.code == 1
    assert "polcy: found no such folder; expected a folder with the YAML files of a pack" in ended.err[1]


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
