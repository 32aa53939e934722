import re
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel
from pydantic_core import PydanticUndefined
from ruamel.yaml import YAML

from bot import packs
from bot.domain import fields, policy
from bot.domain.incident import Dimension, Severity, Stage
from tests.docs import pages

PAGE = pages.page("policy.md")
MADE_AT_LOAD = frozenset({"version", "templates"})
# Which heading documents which model; the keys of a whole pack stand under its files.
MODELS: Mapping[str, type[policy.Model]] = {
    "A span": policy.Span,
    "computation": policy.Computation,
    "channels": policy.Channels,
    "support_hours": policy.SupportHours,
    "A role": policy.RoleRow,
    "A place on the roster": policy.Slot,
    "A severity": policy.SeverityRow,
    "engage": policy.Engagement,
    "A condition": policy.When,
    "ladder": policy.Ladder,
    "A step": policy.Step,
    "approvals": policy.Approvals,
    "external_text_also": policy.Also,
    "A dimension": policy.DimensionRow,
    "A stage": policy.StageRow,
    "A text": policy.StageText,
    "A rule": policy.AdviceRule,
}
FILES = sorted(path.name for path in packs.DEFAULT.glob("*.yaml"))


def yaml_of(text: str | Path) -> dict[str, Any]:
    loaded: dict[str, Any] = YAML(typ="safe", pure=True).load(text)
    return loaded


def check(
    model: type[BaseModel], documented: Mapping[str, list[str]], ignore: frozenset[str] = frozenset()
) -> None:
    """Compare the keys, and for each whether it is needed or else its default."""
    assert set(documented) == set(model.model_fields) - ignore
    for name, (default, _) in documented.items():
        field = model.model_fields[name]
        assert (default == "needed") is field.is_required(), f"{model.__name__}.{name}"
        if default.startswith("`"):
            assert default.strip("`") == plain(field.default), f"{model.__name__}.{name}"
        elif default == "none":
            assert field.default in (None, ()), f"{model.__name__}.{name}"


def plain(value: object) -> str:
    assert value is not PydanticUndefined
    if isinstance(value, tuple):
        return ", ".join(map(str, value))
    return str(value).lower() if isinstance(value, bool) else str(value)


def test_every_key_of_a_pack_is_documented_in_the_file_where_it_stands() -> None:
    documented = {name: pages.table(PAGE, name) for name in FILES}
    for name, keys in documented.items():
        assert set(yaml_of(packs.DEFAULT / name)) <= set(keys), name
    together = {key: said for keys in documented.values() for key, said in keys.items()}
    assert sum(map(len, documented.values())) == len(together), "a key stands in one file"
    check(policy.Policy, together, MADE_AT_LOAD)


@pytest.mark.parametrize("heading", MODELS)
def test_every_key_is_documented_with_its_default_and_no_other(heading: str) -> None:
    check(MODELS[heading], pages.table(PAGE, heading))


def test_every_model_of_a_pack_is_documented() -> None:
    models = {one for one in vars(policy).values() if isinstance(one, type) and issubclass(one, policy.Model)}
    assert models - {policy.Model, policy.Policy} == set(MODELS.values())


def test_every_name_that_a_pack_may_use_is_documented() -> None:
    for heading, names in (
        ("dimensions.yaml", [one.value for one in Dimension]),
        ("stages.yaml", [one.value for one in Stage]),
        ("severities.yaml", [one.name for one in Severity]),
    ):
        [[_, _, said]] = pages.rows(pages.section(PAGE, heading))
        assert set(re.findall(r"`(\w+)`", said)) == set(names), heading
    audience = pages.table(PAGE, "A text")["audience"][-1]
    assert set(re.findall(r"`(\w+)`", audience)) == {one.value for one in fields.Audience}


def test_every_template_is_documented_and_no_other() -> None:
    assert set(pages.table(PAGE, "Templates")) == set(packs.load().templates)


def examples() -> Iterator[tuple[str, str]]:
    for block in pages.blocks(PAGE, "yaml"):
        first, _, rest = block.partition("\n")
        yield first.removeprefix("# "), rest


@pytest.mark.parametrize(("name", "example"), list(examples()))
def test_every_example_can_be_used(name: str, example: str, tmp_path: Path) -> None:
    pack = tmp_path / "pack"
    shutil.copytree(packs.DEFAULT, pack)
    assert name in FILES
    with (pack / name).open("w") as file:
        YAML(typ="safe", pure=True).dump(over(yaml_of(packs.DEFAULT / name), yaml_of(example)), file)
    assert packs.load(pack).version != packs.load().version or example_is_the_default(name, example)


def example_is_the_default(name: str, example: str) -> bool:
    default = yaml_of(packs.DEFAULT / name)
    return bool(over(default, yaml_of(example)) == default)


def over(below: Any, above: Any) -> Any:
    """Lay an excerpt over a whole file: keys are merged, everything else is replaced."""
    if not isinstance(below, dict) or not isinstance(above, dict):
        return above
    return {**below, **{key: over(below.get(key), value) for key, value in above.items()}}


def test_the_mistake_that_is_shown_reads_as_it_does(tmp_path: Path) -> None:
    pack = tmp_path / "pack"
    shutil.copytree(packs.DEFAULT, pack)
    severities = pack / "severities.yaml"
    severities.write_text(
        severities.read_text().replace("acknowledge: {minutes: 5}", "acknowledge: {minutes: five}")
    )
    with pytest.raises(packs.PackError) as refused:
        packs.load(pack)
    [shown] = pages.blocks(PAGE, "text")
    assert [str(problem) for problem in refused.value.problems] == shown.splitlines()
