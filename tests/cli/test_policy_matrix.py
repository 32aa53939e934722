from pathlib import Path

import pytest

from bot import packs
from tests.cli.conftest import Tocsin

PAGES: tuple[list[str], ...] = ([], ["--lanes"], ["--raci"], ["--triggers"], ["--stop"], ["--metrics"])


@pytest.mark.promise("S2-51")
@pytest.mark.parametrize("page", PAGES)
async def test_each_page_of_the_matrix_fits_on_one_sheet(tocsin: Tocsin, page: list[str]) -> None:
    ended = await tocsin("policy", "matrix", *page)
    assert ended.code == 0
    assert 10 < len(ended.out) <= 80
    assert max(map(len, ended.out)) <= 110
    assert ended.out[0].startswith(f"Acme Cloud, policy {packs.load().version[:12]} · last reviewed")


@pytest.mark.promise("S0-18")
async def test_the_page_shows_five_levels_with_examples_and_four_targets(tocsin: Tocsin) -> None:
    out = (await tocsin("policy", "matrix")).out
    (head,) = (line for line in out if "SEV1 critical" in line)
    assert [cell.strip() for cell in head.split("│")[1:]] == [
        "SEV1 critical", "SEV2 major", "SEV3 moderate", "SEV4 minor", "SEV5 hygiene",
    ]  # fmt: skip
    rows = {line[:15].strip(): [cell.strip() for cell in line.split("│")[1:]] for line in out if "│" in line}
    assert rows["Answer within"] == [
        "5 min",
        "15 min",
        "1 working hour",
        "4 working hours",
        "2 business days",
    ]
    assert rows["Contain within"] == ["60 min", "4 h", "1 business day", "5 business days", "–"]
    assert rows["Resolve within"] == ["4 h", "12 h", "3 business days", "10 business days", "30 days"]
    assert rows["Inside every"] == ["15 min", "30 min", "4 h", "1 business day", "–"]
    assert rows["Such as"][0] == "primary database"


async def test_a_pack_of_ones_own_is_shown_and_a_broken_one_is_not(tocsin: Tocsin, tmp_path: Path) -> None:
    await tocsin("policy", "init", "policy")
    severities = tmp_path / "policy" / "severities.yaml"
    severities.write_text(severities.read_text().replace("label: hygiene", "label: housekeeping", 1))
    ended = await tocsin("policy", "matrix", "policy")
    assert any("housekeeping" in line for line in ended.out[:6])

    ended = await tocsin("policy", "matrix", "--lanes", "--raci")
    assert (ended.code, ended.err) == (
        2,
        ["One page at a time: give one of --lanes, --raci, --triggers, --stop, --metrics."],
    )

    severities.write_text(severities.read_text().replace("lead: l2", "lead: l22", 1))
    ended = await tocsin("policy", "matrix", "policy")
    assert (ended.code, ended.out) == (1, [])
    assert any("severities.SEV3.lead: found the role 'l22'" in line for line in ended.err)


@pytest.mark.promise("S0-18")
async def test_what_opens_by_itself_and_what_stops_the_line_can_be_read(tocsin: Tocsin) -> None:
    out = " ".join(" ".join((await tocsin("policy", "matrix", "--triggers")).out).split())
    assert (
        "Failed health check: SEV3 (SEV2 for a tier-1 service), outage or degradation. When consecutive_failures"
        in out
    )
    assert (
        "SEV2, security; first: security; an answer within 5 min; stops the line: S-03. When secret_found"
        in out
    )
    out = " ".join(" ".join((await tocsin("policy", "matrix", "--stop")).out).split())
    assert (
        "S-15 A regulator, the police or a court asks us about it, or a legal hold is ordered. SEV2; legal liaison, "
        in out
    )
    assert "SEV1, SEV2 if only suspected; legal liaison" in out
    assert out.endswith(
        "SEV1: incident manager, and executive sponsor; SEV2 to SEV5: incident manager, with a reason."
    )
