import shutil
from datetime import date, time
from pathlib import Path

import pytest

from bot.domain.incident import Role, Severity
from bot.domain.policy import Policy
from bot.packs import DEFAULT, PackError, load
from tests.packs.conftest import Edit, Refused


def test_the_default_pack_is_whole() -> None:
    policy = load()

    assert set(policy.severities) == set(Severity)
    assert list(policy.stages) == ["triage", "contain", "diagnose", "resolve", "recover", "review"]
    assert policy.row(Severity.SEV1).lead == "incident_manager"
    assert policy.support_hours.opens == time(8)
    assert date(2026, 11, 26) in policy.support_hours.holidays
    assert policy.roster[Role("l2")].backup == ("dev@acme.example",)


@pytest.mark.promise("S0-18")
def test_the_severity_table_has_five_levels_with_examples_and_targets() -> None:
    rows = load().severities

    assert [level.name for level in rows] == ["SEV1", "SEV2", "SEV3", "SEV4", "SEV5"]
    assert all(row.examples and row.meaning for row in rows.values())
    assert [row.acknowledge.minutes for row in rows.values()] == [5, 15, 60, 240, None]


def test_a_policy_survives_being_stored() -> None:
    policy = load()

    assert Policy.model_validate_json(policy.model_dump_json()) == policy


def test_the_version_follows_what_a_pack_says_and_not_how_it_is_written(pack: Path, edit: Edit) -> None:
    before = load(pack).version

    edit("policy.yaml", "# The default pack", "# Another comment")
    assert load(pack).version == before

    edit("severities.yaml", "acknowledge: {minutes: 5}", "acknowledge: {minutes: 4}")
    after = load(pack).version
    assert after != before

    edit("templates/triage.internal.txt.j2", "Now:", "Next:")
    assert load(pack).version not in (before, after)


def test_a_misspelt_key_is_named_with_its_place_and_the_likely_one(edit: Edit, refused: Refused) -> None:
    edit("severities.yaml", "    acknowledge: {minutes: 5}", "    acknowlege: {minutes: 5}")

    problems = refused()

    assert any(
        p.startswith("severities.yaml:11:5: severities.SEV1.acknowlege: found the unknown key 'acknowlege'")
        and "did you mean 'acknowledge'?" in p
        for p in problems
    )
    assert any("severities.SEV1.acknowledge: found nothing; expected a value for it" in p for p in problems)


def test_every_mistake_in_every_file_is_listed_at_once(edit: Edit, refused: Refused) -> None:
    edit("severities.yaml", "wait: {minutes: 5}", "wait: {minutes: soon}")
    edit("roster.yaml", "l1: {label: L1 support}", "l1: {label: 3}")
    edit("policy.yaml", 'opens: "08:00"', 'opens: "late"')
    edit("policy.yaml", "weekdays: [mon,", "weekdays: [monday,")
    edit("policy.yaml", "reopen_within_days: 30", "reopen_within_days: 0")

    problems = refused()

    assert len(problems) == 5
    assert problems == sorted(problems, key=lambda p: (p.split(":")[0], int(p.split(":")[1])))
    text = "\n".join(problems)
    assert "found 'soon'; expected a whole number" in text
    assert "found 3; expected text" in text
    assert "found 'late'; expected a time such as \"08:00\"" in text
    assert "did you mean 'mon'?" in text
    assert "found 0; expected a number greater than 0" in text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a: 1\n\tb: 2\n", "extra.yaml:2:1: found a tab; expected spaces"),
        ("a: &x [1]\nb: *x\n", "extra.yaml:1:4: found an anchor (&)"),
        ("a: !!python/object:os.system x\n", "extra.yaml:1:4: found a tag (!)"),
        (
            "a: 1\na: 2\n",
            "extra.yaml:2:1: a: found the key 'a' again; expected it once (first at extra.yaml:1)",
        ),
        ("organisation: again\n", "found the key 'organisation' again"),
        ("a: [1, 2\nb: 3\n", "expected valid YAML 1.2"),
        ("- a\n- b\n", "extra.yaml:1:1: found a list; expected keys with values"),
        ("a: 1\n---\nb: 2\n", "extra.yaml:2:1"),
        ("version: 3\n", "version: found the key 'version'; expected it to be left out"),
        ("? [a]\n: 1\n", "expected a plain key"),
        ("colour: red\n", "found the unknown key 'colour'"),
        ("a: " + "[" * 3000 + "]" * 3000 + "\n", "very deep nesting"),
        ("a: " + "[" * 50 + "]" * 50 + "\n", "very deep nesting"),
    ],
)
def test_yaml_that_could_surprise_is_refused_with_its_place(
    pack: Path, refused: Refused, text: str, expected: str
) -> None:
    (pack / "extra.yaml").write_text(text)

    problems = refused()

    assert any(expected in problem for problem in problems), problems


def test_a_file_that_cannot_be_read_does_not_make_its_keys_look_missing(pack: Path, refused: Refused) -> None:
    (pack / "severities.yaml").write_text("severities: [\n")

    problems = refused()

    assert len(problems) == 1
    assert problems[0].startswith("severities.yaml:")


def test_bytes_that_are_no_text_are_refused(pack: Path, refused: Refused) -> None:
    (pack / "extra.yaml").write_bytes(b"a: ok\nb: \xff\n")

    assert refused() == ["extra.yaml:2:1: found bytes that are not UTF-8; expected UTF-8 text"]


def test_a_pack_of_a_megabyte_is_refused(pack: Path, refused: Refused) -> None:
    (pack / "extra.yaml").write_text("# " + "x" * 1_000_000)

    assert "expected at most 1000000 bytes" in refused()[0]


def test_text_stays_text_where_older_yaml_would_guess(pack: Path, edit: Edit) -> None:
    edit("policy.yaml", "organisation: Acme Cloud", "organisation: on")
    edit("roster.yaml", "label: L1 support", "label: no")

    policy = load(pack)

    assert (policy.organisation, policy.roles[Role("l1")].label) == ("on", "no")


def test_a_folder_without_a_pack_says_so(tmp_path: Path) -> None:
    with pytest.raises(PackError, match=r"no \.yaml file"):
        load(tmp_path)
    with pytest.raises(PackError, match="no such folder"):
        load(tmp_path / "nowhere")


def test_a_broken_section_does_not_hide_what_does_not_fit_in_the_others(tmp_path: Path) -> None:
    folder = tmp_path / "pack"
    shutil.copytree(DEFAULT, folder)
    hours = folder / "policy.yaml"
    hours.write_text(hours.read_text().replace("archive_after:", "archive_aftr:", 1))
    people = folder / "roster.yaml"
    people.write_text(people.read_text().replace("ana@acme.example", "ana at acme", 1))

    with pytest.raises(PackError) as refused:
        load(folder)
    said = [str(problem) for problem in refused.value.problems]
    assert any("archive_aftr" in line for line in said), said
    assert any("ana at acme" in line for line in said), said
