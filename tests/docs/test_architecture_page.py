import re
import tomllib

import pytest

from bot import packs
from bot.domain.policy import Policy
from tests.docs import pages

PAGE = pages.page("architecture.md")


def diagram(policy: Policy) -> str:
    """Draw the table of moves as Mermaid."""
    moves = [
        f"    {row.label} --> {policy.stages[to].label}"
        for row in policy.stages.values()
        for to in row.leads_to
    ]
    return "\n".join(["stateDiagram-v2", "    [*] --> Triage", *moves, ""])


def test_the_stages_are_drawn_as_the_pack_has_them() -> None:
    [drawn] = pages.blocks(pages.section(PAGE, "The stages"), "mermaid")
    assert drawn == diagram(packs.load()), f"The diagram should be:\n{diagram(packs.load())}"


def test_the_floors_are_those_of_the_import_contract() -> None:
    contracts = tomllib.loads((pages.ROOT / "pyproject.toml").read_text())["tool"]["importlinter"][
        "contracts"
    ]
    layers = next(one["layers"] for one in contracts if one["name"].startswith("Floors"))
    told = [
        set(re.findall(r"`([^`]+)`", room)) for _, room, _ in pages.rows(pages.section(PAGE, "The house"))
    ]
    assert told == [{_path(name) for name in layer.split(" | ")} for layer in layers]


@pytest.mark.parametrize(
    ("column", "room"), [(1, "bot/domain"), (2, "bot/usecases"), (3, "bot/listeners"), (4, "blocks")]
)
def test_every_module_is_listed_with_one_feature(column: int, room: str) -> None:
    home = pages.ROOT / room
    modules = {path.stem for path in home.glob("*.py")} | {
        path.parent.name for path in home.glob("*/__init__.py")
    }
    table = pages.rows(pages.section(PAGE, "Where a feature lives"))
    listed = [name for row in table for name in re.findall(r"`([^`]+)`", row[column])]
    assert sorted(listed) == sorted(modules - {"__init__", "forms"}), (
        f"a feature has its {room} in this table"
    )


def test_every_room_of_the_readme_is_there_and_none_is_missing() -> None:
    rooms = pages.table(pages.page("README.md"), "Where things are")
    houses = {f"bot/{path.parent.name}" for path in (pages.ROOT / "bot").glob("*/__init__.py")}
    assert set(rooms) == houses | {"blocks", "storage", "bench", "tests"}
    assert all((pages.ROOT / room).is_dir() for room in rooms)


def _path(module: str) -> str:
    path = module.replace(".", "/")
    return path if (pages.ROOT / path).is_dir() else f"{path}.py"
