import re
import tomllib

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


def test_every_room_of_the_readme_is_there_and_none_is_missing() -> None:
    rooms = pages.table(pages.page("README.md"), "Where things are")
    houses = {f"bot/{path.parent.name}" for path in (pages.ROOT / "bot").glob("*/__init__.py")}
    assert set(rooms) == houses | {"blocks", "storage", "bench", "tests"}
    assert all((pages.ROOT / room).is_dir() for room in rooms)


def _path(module: str) -> str:
    path = module.replace(".", "/")
    return path if (pages.ROOT / path).is_dir() else f"{path}.py"
