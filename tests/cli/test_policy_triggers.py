import pytest

from tests.cli.conftest import Tocsin

MOMENT = ("--at", "2026-11-20T09:00+00:00", "--zone", "UTC", "--until", "20m")


async def test_a_case_named_by_its_trigger_opens_as_the_trigger_says(tocsin: Tocsin) -> None:
    ended = await tocsin("policy", "explain", "--trigger", "secret_seen", *MOMENT)
    said = "\n".join(ended.out)
    assert ended.code == 0
    assert said.startswith("SEV2 major")
    assert "S-03" in said
    asked = next(line for line in ended.out if " asked " in line)
    assert asked.index("sam (security)") < asked.index("ivan (incident manager)"), (
        "security hears of it first"
    )
    assert any("+5 min" in line and "asked" in line and "sue" in line for line in ended.out), (
        "5 minutes, not 15"
    )


@pytest.mark.parametrize(("service", "level"), [("checkout", "SEV2"), ("", "SEV3")])
async def test_a_tier_one_service_makes_what_a_trigger_opens_worse(
    tocsin: Tocsin, service: str, level: str
) -> None:
    about = ("--service", service) if service else ()
    ended = await tocsin("policy", "explain", "--trigger", "health_check", *about, *MOMENT)
    assert ended.out[0].startswith(level), ended.err


@pytest.mark.promise("S3-14")
async def test_a_lane_is_explained_to_the_end_and_touches_no_credential(tocsin: Tocsin) -> None:
    ended = await tocsin("policy", "explain", "--lane", "security", *MOMENT)
    said = " ".join(" ".join(ended.out).split())
    assert "not done by itself, a person decides: disable the credential path" in said
    assert "[remediation.off]" in said
    assert "Silence never approves." in said
