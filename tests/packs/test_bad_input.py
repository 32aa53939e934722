"""Whatever is in the folder, the answer is a list of places and sentences, in bounded time, and nothing is half-loaded."""

import json
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.domain.policy import Policy
from bot.packs import DEFAULT, check
from bot.packs.folder import MAX_BYTES, MAX_TEMPLATE
from tests.packs.conftest import Edit, Refused

LAUGHS = "a: &a [x,x,x,x,x,x,x,x]\n" + "".join(
    f"{b}: &{b} [*{a},*{a},*{a},*{a},*{a},*{a},*{a},*{a}]\n"
    for a, b in zip("abcdefgh", "bcdefghi", strict=True)
)


@contextmanager
def at_most(seconds: float) -> Iterator[None]:
    since = time.process_time()
    yield
    assert time.process_time() - since < seconds


def big(pack: Path) -> None:
    with (pack / "extra.yaml").open("wb") as file:
        file.truncate(10_000_000)


def linked(pack: Path) -> None:
    (pack.parent / "secret.yaml").write_text("organisation: elsewhere\n")
    (pack / "extra.yaml").symlink_to(pack.parent / "secret.yaml")


def linked_text(pack: Path) -> None:
    (pack.parent / "secret.txt").write_text("a password")
    (pack / "templates" / "extra.txt.j2").symlink_to(pack.parent / "secret.txt")


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda p: (p / "extra.yaml").write_text("a:\n\tb: 1\n"), "extra.yaml:2:1: found a tab; expected spaces"),
        (
            lambda p: (p / "extra.yaml").write_text("colour: 1\ncolour: 2\n"),
            "extra.yaml:2:1: colour: found the key 'colour' again; expected it once (first at extra.yaml:1)",
        ),
        (lambda p: (p / "extra.yaml").write_text(LAUGHS), "extra.yaml:1:4: found an anchor (&); expected the value written out"),
        (big, "extra.yaml: found 10000000 bytes; expected at most 1000000 bytes in all YAML files"),
        (
            lambda p: (p / "extra.yaml").write_bytes("a: 1\n".encode("utf-16")),
            "extra.yaml:1:1: found UTF-16 text; expected UTF-8 text (save it again with the encoding UTF-8)",
        ),
        (lambda p: (p / "extra.yaml").write_bytes(b"a: \xff\n"), "extra.yaml:1:1: found bytes that are not UTF-8"),
        (lambda p: (p / "extra.yaml").write_text(""), "extra.yaml:1:1: found an empty file; expected keys with values"),
        (lambda p: (p / "extra.yaml").write_text("- a\n"), "extra.yaml:1:1: found a list; expected keys with values"),
        (lambda p: (p / "extra.yaml").write_text("just words\n"), "extra.yaml:1:1: found a single value; expected keys"),
        (lambda p: (p / "extra.yaml").write_text("a: " + "{a: " * 9000), "extra.yaml:1:"),
        (lambda p: (p / "extra.yaml").write_text("\n".join(" " * i + "a:" for i in range(900))), "found very deep nesting"),
        (lambda p: (p / "extra.yaml").write_text("colour: red\n"), "extra.yaml:1:1: colour: found the unknown key 'colour'"),
        (lambda p: (p / "extra.yaml").write_text("a: b\n\nc: \x07\n"), "extra.yaml:3:4: found a character that YAML"),
        (
            lambda p: (p / "templates" / "triage.internal.txt.j2").unlink(),
            "expected the name of a file templates/triage.internal.txt.j2",
        ),
        (
            lambda p: (p / "templates" / "triage.internal.txt.j2").write_text("x" * 20_001),
            "templates/triage.internal.txt.j2: found 20001 bytes; expected at most 20000 bytes in a text",
        ),
        (
            lambda p: (p / "templates" / "triage.internal.txt.j2").write_bytes(b"ok\n\xff"),
            "templates/triage.internal.txt.j2:2:1: found bytes that are not UTF-8",
        ),
        (lambda p: (p / "extra.yaml").write_text("a: [" + "1," * 400_000 + "]"), "found too many values; expected at most 20000"),
        (lambda p: (p / "extra.yaml").write_text("".join(f"k{n}: 1\n" for n in range(80_000))), "found too many values"),
        (linked, "extra.yaml: found a link to outside the pack; expected a file in the pack's own folder"),
        (linked_text, "templates/extra.txt.j2: found a link to outside the pack"),
        (lambda p: (p / "extra.yaml").symlink_to(p / "extra.yaml"), "extra.yaml: found "),
        (lambda p: (p / "extra.yaml").symlink_to(p / "nowhere.yaml"), "extra.yaml: found No such file or directory"),
        (lambda p: os.mkfifo(p / "extra.yaml"), "extra.yaml: found something that is no file; expected a file with text"),
        (lambda p: (p / "roster.yaml").rename(p / "roster.yml"), "roster.yml: found a file that ends in .yml; expected roster"),
        (lambda p: [(p / f"e{n}.yaml").write_text("# x\n") for n in range(250)], "expected at most 200 in a folder"),
    ],
)  # fmt: skip
def test_each_bad_file_is_answered_with_its_place_and_the_pack_is_refused_whole(
    pack: Path, spoil: Callable[[Path], object], said: str
) -> None:
    spoil(pack)
    with at_most(5):
        checked = check(pack)

    assert checked.policy is None
    problems = [str(problem) for problem in checked.problems]
    assert any(said in problem for problem in problems), problems
    assert len(problems) <= 25, "one cause is not said a hundred times"


def test_a_file_that_is_too_large_is_refused_before_it_is_read(
    pack: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    big(pack)
    opened: list[Path] = []
    real = Path.open

    def watched(path: Path, mode: str) -> IO[bytes]:
        opened.append(path)
        return real(path, mode)

    monkeypatch.setattr(Path, "open", watched)

    assert check(pack).policy is None
    assert pack / "severities.yaml" in opened
    assert pack / "extra.yaml" not in opened


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_folder_that_may_not_be_read_says_so(pack: Path) -> None:
    pack.chmod(0)
    try:
        [problem] = check(pack).problems
    finally:
        pack.chmod(0o755)
    assert "Permission denied; expected a file that can be read" in str(problem)


def test_a_folder_that_may_not_be_listed_says_so(pack: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def denied(path: Path) -> Iterator[Path]:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(Path, "iterdir", denied)
    problems = [str(problem) for problem in check(pack).problems]
    assert f"{pack.name}: found Permission denied; expected a file that can be read" in problems


def test_a_file_where_the_folder_should_be_says_so(pack: Path) -> None:
    [problem] = check(pack / "policy.yaml").problems
    assert "found a file; expected a folder with the YAML files of a pack" in str(problem)


def test_a_byte_order_mark_and_windows_line_ends_do_no_harm(pack: Path) -> None:
    for path in [*pack.glob("*.yaml"), *pack.glob("templates/*")]:
        path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))

    policy = check(pack).policy
    assert policy is not None
    assert policy.version == getattr(check(DEFAULT).policy, "version", None)


def test_a_pack_whose_files_are_links_within_it_is_fine(pack: Path) -> None:
    """So are packs mounted from a cluster's configuration."""
    (pack / "..data").mkdir()
    for path in pack.glob("*.yaml"):
        path.rename(pack / "..data" / path.name)
        path.symlink_to(Path("..data") / path.name)

    assert check(pack).policy is not None


def test_a_long_list_of_problems_ends_with_how_many_more_there_are(pack: Path) -> None:
    (pack / "extra.yaml").write_text("".join(f"colour{n}: red\n" for n in range(1000)))

    problems = check(pack).problems
    assert len(problems) == 201
    assert problems[-1].found == "800 more problems"


def test_an_unreadable_file_does_not_make_its_keys_look_missing(
    pack: Path, edit: Edit, refused: Refused
) -> None:
    edit("roster.yaml", "roles:", "roles:\n\t# people")

    assert [line.split(":")[0] for line in refused()] == ["roster.yaml"]


LINES = st.lists(
    st.one_of(
        st.sampled_from(
            [
                "roles:",
                "  l1: {label: x}",
                "severities:",
                "  SEV1:",
                "    ladder:",
                "- a",
                "? x",
                "---",
                "...",
            ]
        ),
        st.sampled_from(
            [
                "a: &x 1",
                "b: *x",
                "c: !!int z",
                "<<: {a: 1}",
                "'",
                '"',
                "|",
                ">",
                "{[",
                "\t",
                "x: 0x",
                "y: .inf",
            ]
        ),
        st.text(max_size=20),
    ),
    max_size=12,
).map("\n".join)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.one_of(LINES.map(lambda text: text.encode("utf-8", "surrogatepass")), st.binary(max_size=200)))
def test_no_text_whatever_makes_the_check_fail(tmp_path: Path, text: bytes) -> None:
    (tmp_path / "any.yaml").write_bytes(text)

    checked = check(tmp_path)
    assert checked.policy is None
    assert checked.errors
    assert all(problem.found and problem.expected for problem in checked.problems)


VALUES: st.SearchStrategy[object] = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=5), st.just("9" * 5000)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=8,
)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(key=st.sampled_from(sorted(Policy.model_fields)), value=VALUES)
def test_no_value_in_the_wrong_place_makes_the_check_fail(tmp_path: Path, key: str, value: object) -> None:
    (tmp_path / "any.yaml").write_text(json.dumps({key: value}))

    assert check(tmp_path).policy is None


def test_the_bounds_are_far_above_what_a_pack_needs() -> None:
    assert sum(path.stat().st_size for path in DEFAULT.glob("*.yaml")) * 5 < MAX_BYTES
    assert max(path.stat().st_size for path in DEFAULT.glob("templates/*")) * 5 < MAX_TEMPLATE
