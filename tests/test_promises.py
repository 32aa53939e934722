from pathlib import Path

import pytest

from tests import promises

LEDGER = Path(__file__).resolve().parents[2] / "shared" / "spec" / "domain.md"


def test_every_listed_promise_is_carried_by_a_test() -> None:
    carried = promises.carried()
    assert promises.listed(), "docs/promises.md lists something"
    assert [promise for promise in promises.listed() if promise not in carried] == []


def test_every_promise_that_a_test_carries_is_listed() -> None:
    listed = promises.listed()
    assert {promise: tests for promise, tests in promises.carried().items() if promise not in listed} == {}


def test_every_listed_promise_is_a_row_of_the_ledger() -> None:
    if not LEDGER.exists():
        pytest.skip("the ledger of promises lies beside the repository and is not here")
    assert [promise for promise in promises.listed() if promise not in promises.ledger(LEDGER)] == []


def test_the_command_names_what_is_not_listed_yet(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    ledger = tmp_path / "ledger.md"
    rows = (
        "| ID | Src | Force | Text | Check |",
        "|---|---|---|---|---|",
        "| M-01 | x | y | a | b |",
        "| S9-99 | x | y | c | d |",
    )
    ledger.write_text("\n".join(rows))
    assert promises.main([str(ledger)]) == 0
    assert capsys.readouterr().out.splitlines() == ["S9-99  c", "2 rows, 1 listed here, 1 not listed yet"]
