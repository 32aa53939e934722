import re
import shutil
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any, get_args

import pytest
from pydantic import BaseModel
from ruamel.yaml import YAML

from bot import packs
from bot.domain import policy, rights
from bot.domain.gates import CHECKS
from bot.domain.incident import Dimension, Severity
from bot.packs import report
from tests.docs import pages

PAGE = pages.policy()
MADE_AT_LOAD = frozenset({"version", "templates"})
# Which heading documents which model; the keys of a whole pack stand under its files.
MODELS: Mapping[str, type[policy.Model]] = {
    "A span": policy.Span,
    "A condition": policy.When,
    "endorsement": policy.Endorsement,
    "computation": policy.Computation,
    "user_bands": policy.UserBand,
    "channels": policy.Channels,
    "support_hours": policy.SupportHours,
    "calendars": policy.Calendar,
    "A role": policy.RoleRow,
    "A place on the roster": policy.Slot,
    "A schedule": policy.Schedule,
    "A layer": policy.Layer,
    "hours": policy.Hours,
    "feed": policy.Feed,
    "An activity": policy.RaciRow,
    "A data-sharing rule": policy.DataRule,
    "A severity": policy.SeverityRow,
    "engage": policy.Engagement,
    "ladder": policy.Ladder,
    "A step": policy.Step,
    "special_ladders": policy.SpecialLadder,
    "approvals": policy.Approvals,
    "A dimension": policy.DimensionRow,
    "stop_the_line": policy.StopTheLine,
    "A stop-the-line condition": policy.StopCondition,
    "A stage": policy.StageRow,
    "exit": policy.Criterion,
    "A text": policy.StageText,
    "A kind": policy.Kind,
    "A question": policy.Question,
    "A threshold": policy.Threshold,
    "A service": policy.Service,
    "runbook": policy.Runbook,
    "plan_b": policy.PlanB,
    "A team": policy.Team,
    "An identity": policy.Identity,
    "governance": policy.Governance,
    "A metric": policy.Metric,
    "A lane": policy.Lane,
    "A trigger of a lane": policy.Trigger,
    "An example": policy.Example,
    "after_timeout": policy.AfterTimeout,
    "lane_rules": policy.LaneRules,
    "A trigger that opens an incident": policy.AutoTrigger,
    "An exception": policy.Waiver,
    "remediation": policy.Remediation,
    "A rule": policy.AdviceRule,
}
FILES = sorted(path.name for path in packs.DEFAULT.glob("*.yaml"))
NOTHING: tuple[object, ...] = (None, (), "", {})


def yaml_of(text: str | Path) -> dict[str, Any]:
    loaded: dict[str, Any] = YAML(typ="safe", pure=True).load(text)
    return loaded


def check(
    model: type[BaseModel], documented: Mapping[str, list[str]], ignore: frozenset[str] = frozenset()
) -> None:
    """Compare the keys, and for each whether it is needed or else its default."""
    assert set(documented) == set(model.model_fields) - ignore
    for name, (said, _) in documented.items():
        field = model.model_fields[name]
        where = f"{model.__name__}.{name}"
        assert (said == "needed") is field.is_required(), where
        if said == "needed":
            continue
        default = field.get_default(call_default_factory=True)
        if field.annotation is Severity:
            default = Severity(default)
        if said == "none":
            assert default in NOTHING, where
        elif said == "see below":
            assert isinstance(default, BaseModel), where
        elif said == "all":
            assert default == tuple(Severity), where
        else:
            assert said.strip("`") == plain(default), where


def plain(value: object) -> str:
    """Return a value as a person writes it in a pack."""
    if isinstance(value, policy.Span):
        given = value.model_dump(exclude_defaults=True)
        return "{" + ", ".join(f"{name}: {plain(one)}" for name, one in given.items()) + "}"
    if isinstance(value, Severity):
        return value.name
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


def test_every_file_of_the_pack_is_on_the_page_that_the_list_says() -> None:
    listed = {
        name: re.findall(r"\((policy-\w+\.md)\)", where) or ["policy.md"]
        for names, where in pages.rows(pages.section(PAGE, "Which page"))
        for name in re.findall(r"`([\w.]+yaml)`", names)
    }
    assert set(listed) == set(FILES)
    for name, [where] in listed.items():
        assert name in pages.headings(pages.page(where)), name


@pytest.mark.parametrize("heading", MODELS)
def test_every_key_is_documented_with_its_default_and_no_other(heading: str) -> None:
    assert pages.headings(PAGE).count(heading) == 1
    check(MODELS[heading], pages.table(PAGE, heading))


def test_every_model_of_a_pack_is_documented() -> None:
    assert set(reached(policy.Policy)) - {policy.Policy} == set(MODELS.values())
    assert len(set(MODELS.values())) == len(MODELS)


def reached(what: Any, seen: tuple[Any, ...] = ()) -> Iterator[type[BaseModel]]:
    """Yield each model that stands somewhere in a pack."""
    if isinstance(what, type) and issubclass(what, BaseModel) and what not in seen:
        yield what
        for field in what.model_fields.values():
            yield from reached(field.annotation, (*seen, what))
    for inner in get_args(what):
        yield from reached(inner, seen)


def test_every_name_that_a_pack_may_use_is_documented() -> None:
    for heading, names in (
        ("dimensions.yaml", [one.value for one in Dimension]),
        ("stages.yaml", list(packs.load().stages)),
        ("severities.yaml", [one.name for one in Severity]),
    ):
        [[_, _, said]] = pages.rows(pages.section(PAGE, heading))
        assert set(re.findall(r"`(\w+)`", said)) == set(names), heading
    assert set(pages.table(PAGE, "What the bot sees for itself")) == set(CHECKS)
    assert {name: said for name, [said] in pages.table(PAGE, "Decisions").items()} == rights.DECISIONS
    assert {word: said for word, [said] in pages.table(PAGE, "Words among the roles").items()} == rights.WORDS


def test_every_choice_of_a_key_is_named_where_it_is_documented() -> None:
    for heading, model in MODELS.items():
        for name, (*_, said) in pages.table(PAGE, heading).items():
            for choice in choices(model.model_fields[name].annotation):
                assert f"`{choice}`" in said or not choice, f"{heading}: {name}: {choice}"


def choices(annotation: Any) -> set[str]:
    """Return the words among which a key chooses; checks and names of severities stand in tables of their own."""
    if annotation in (policy.When, Dimension) or annotation == set(CHECKS):
        return set()
    found = {one for one in get_args(annotation) if isinstance(one, str)}
    inner = [choices(one) for one in get_args(annotation) if not isinstance(one, str)]
    return found.union(*inner) - set(CHECKS) - {"mon", "tue", "wed", "thu", "fri", "sat", "sun"}


def test_every_name_of_an_audience_is_documented() -> None:
    audience = pages.table(PAGE, "A text")["audience"][-1]
    assert set(re.findall(r"`(\w+)`", audience)) == choices(
        policy.StageText.model_fields["audience"].annotation
    )


def test_every_template_is_documented_and_no_other() -> None:
    assert set(pages.table(PAGE, "Templates")) == set(packs.load().templates)


def examples() -> Iterator[tuple[str, str]]:
    for block in pages.blocks(f"{PAGE}\n{pages.page('on-call.md')}", "yaml"):
        first, _, rest = block.partition("\n")
        yield first.removeprefix("# "), rest


@pytest.mark.parametrize(("name", "example"), list(examples()))
def test_every_example_can_be_used(name: str, example: str, tmp_path: Path) -> None:
    pack = tmp_path / "pack"
    shutil.copytree(packs.DEFAULT, pack)
    assert name in FILES
    yaml = YAML(typ="safe", pure=True)
    yaml.sort_base_mapping_type_on_output = False  # type: ignore[assignment]
    with (pack / name).open("w") as file:
        yaml.dump(over(yaml_of(packs.DEFAULT / name), yaml_of(example)), file)
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
    pack = tmp_path / "policy"
    shutil.copytree(packs.DEFAULT, pack)
    severities = pack / "severities.yaml"
    severities.write_text(
        severities.read_text().replace("acknowledge: {minutes: 5}", "acknowledge: {minutes: five}")
    )
    printed = report.text("policy", packs.check(pack, date(2026, 11, 21)))
    [shown] = pages.blocks(PAGE, "text")
    assert pages.shows(shown, printed)
