import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft7Validator
from ruamel.yaml import YAML

from bot.domain.incident import Severity
from bot.domain.policy import Policy
from bot.packs import DEFAULT, schema
from tests.packs.conftest import Edit

FILES = sorted(DEFAULT.glob("*.yaml"))


def errors(text: str) -> list[str]:
    """Return what an editor would underline in a file."""
    loaded: Any = json.loads(json.dumps(YAML(typ="safe", pure=True).load(text), default=str))
    return [
        f"{'.'.join(map(str, error.absolute_path))}: {error.message}"
        for error in Draft7Validator(schema.schema()).iter_errors(loaded)
    ]


def test_the_shipped_schema_is_what_the_models_say() -> None:
    shipped = (DEFAULT / schema.FILE).read_text()
    assert shipped == schema.text(), (
        "write it again: tocsin policy schema --out bot/packs/default/policy.schema.json"
    )
    Draft7Validator.check_schema(json.loads(shipped))


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.name))
def test_every_shipped_file_tells_editors_of_the_schema_and_agrees_with_it(file: Path) -> None:
    text = file.read_text()
    assert text.splitlines()[0] == schema.LINE
    assert errors(text) == []


@pytest.mark.parametrize(
    ("file", "old", "new", "place"),
    [
        ("severities.yaml", "acknowledge: {minutes: 5}", "acknowledge: {minutes: soon}", "severities.SEV1.acknowledge.minutes"),
        ("severities.yaml", "acknowledge: {minutes: 5}", "acknowledge: {minutes: 5, days: 1}", "severities.SEV1.acknowledge"),
        ("severities.yaml", "acknowledge: {minutes: 5}", "acknowlege: {minutes: 5}", "severities.SEV1"),
        ("severities.yaml", "  SEV5:", "  SEV6:", "severities"),
        ("severities.yaml", "      repeat: 4", "      repeat: 40", "severities.SEV1.ladder.repeat"),
        ("dimensions.yaml", "unknown_counts: 1", "unknown_counts: 9", "dimensions.business.unknown_counts"),
        ("dimensions.yaml", "      - none\n", "", "dimensions.business.scores"),
        ("dimensions.yaml", "  business:", "  busines:", "dimensions"),
        ("policy.yaml", 'opens: "08:00"', 'opens: "late"', "support_hours.opens"),
        ("policy.yaml", "weekdays: [mon,", "weekdays: [monday,", "support_hours.weekdays.0"),
        ("policy.yaml", "organisation:", "organization:", ""),
        ("roster.yaml", "roles:", "version: 3\nroles:", ""),
    ],
)  # fmt: skip
def test_a_mistake_is_underlined_where_it_stands(
    pack: Path, edit: Edit, file: str, old: str, new: str, place: str
) -> None:
    edit(file, old, new)
    found = errors((pack / file).read_text())
    assert any(error.startswith(f"{place}: ") for error in found), found


def test_a_file_may_hold_some_keys_only_and_every_key_of_a_pack_is_known() -> None:
    made = schema.schema()
    assert "required" not in made
    assert set(made["properties"]) == set(Policy.model_fields) - set(schema.MADE)
    assert made["additionalProperties"] is False


def test_severities_and_lengths_of_time_are_as_people_write_them() -> None:
    made = schema.schema()
    levels = [level.name for level in Severity]
    assert list(made["properties"]["severities"]["properties"]) == levels
    assert made["definitions"]["StageText"]["properties"]["severities"]["items"] == {"enum": levels}
    span = Draft7Validator(made["definitions"]["Span"])
    assert span.is_valid({"minutes": 30})
    assert span.is_valid({"days": 1, "working": True})
    assert not span.is_valid({})


def test_each_model_is_explained_and_nothing_of_the_inside_shows() -> None:
    made = schema.schema()
    for name, definition in made["definitions"].items():
        assert definition.get("description"), name
    text = schema.text()
    assert "``" not in text
    assert "domain row" not in text
    assert '"null"' not in text
