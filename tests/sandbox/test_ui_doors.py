import asyncio
import re
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from bot.sandbox import Sandbox, run, ui
from bot.sandbox.clock import SandboxClock
from tests.sandbox.ui_bot import MANIFEST

STATIC = Path(ui.__file__).parent / "static"


@pytest.fixture
async def sandbox(clock: SandboxClock) -> AsyncIterator[Sandbox]:
    async with Sandbox(manifest=MANIFEST, clock=clock) as running:
        yield running


@pytest.fixture
async def browser(sandbox: Sandbox) -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession(sandbox.ui_url) as session:
        yield session


async def test_the_page_lets_nothing_but_its_own_scripts_run(browser: aiohttp.ClientSession) -> None:
    async with browser.get("/") as page:
        policy = page.headers["Content-Security-Policy"]
        text = await page.text()

    assert "default-src 'none'" in policy
    assert "script-src 'self'" in policy
    assert "unsafe" not in policy
    assert re.findall(r"<script(?![^>]*\bsrc=)|\son\w+=|\sstyle=|(?:src|href)=\"(?!/ui/|#)", text) == []


@pytest.mark.parametrize("path", ["/ui/../pages.py", "/ui/%2e%2e/pages.py", "/ui/js", "/ui/nothing.js"])
async def test_only_the_files_of_the_page_are_given_out(browser: aiohttp.ClientSession, path: str) -> None:
    async with browser.get(path) as answer:
        assert answer.status == 404


async def test_the_page_of_another_site_cannot_act(browser: aiohttp.ClientSession, sandbox: Sandbox) -> None:
    act = {"as": "U0ANA", "channel": "C0GENERAL", "text": "hello"}

    for headers in ({"Origin": "https://evil.example"}, {"Host": "evil.example"}):
        async with browser.post("/_sandbox/act/say", json=act, headers=headers) as answer:
            assert answer.status == 403
        with pytest.raises(aiohttp.WSServerHandshakeError, match="403"):
            await browser.ws_connect("/_sandbox/live", headers=headers)
    async with browser.post("/_sandbox/act/say", data=act) as answer:
        assert answer.status == 415
    assert sandbox.workspace.channels["C0GENERAL"].messages == {}


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("nothing", {"as": "U0ANA"}),
        ("say", {"as": "U0NOBODY", "channel": "C0GENERAL", "text": "hello"}),
        ("say", {"as": "U0ANA"}),
        ("click", {"as": "U0ANA", "channel": "C0GENERAL", "ts": "1.1", "values": {"a": {"b": 3}}}),
        ("skip", {"as": "U0ANA", "seconds": "soon"}),
        ("react", {"as": "U0ANA", "channel": "C0GENERAL", "ts": []}),
        ("submit", ["U0ANA"]),
    ],
)
async def test_what_cannot_be_read_is_answered_and_changes_nothing(
    browser: aiohttp.ClientSession, sandbox: Sandbox, name: str, body: Any
) -> None:
    async with browser.post(f"/_sandbox/act/{name}", json=body) as answer:
        assert answer.status == 400 or (await answer.json())["ok"] is False
    assert sandbox.workspace.channels["C0GENERAL"].messages == {}


@pytest.mark.parametrize("who", ["U0TOCSIN", "U0DELA"])
async def test_nobody_acts_as_the_app_or_as_somebody_who_left(
    browser: aiohttp.ClientSession, who: str
) -> None:
    async with browser.post(
        "/_sandbox/act/say", json={"as": who, "channel": "C0GENERAL", "text": "x"}
    ) as answer:
        assert answer.status == 403


async def test_a_person_hears_only_of_what_they_may_see(
    browser: aiohttp.ClientSession, sandbox: Sandbox
) -> None:
    workspace = sandbox.workspace
    secret = workspace.create_channel("board", user="U0XENA", is_private=True)
    async with browser.ws_connect("/_sandbox/live?as=U0GUS") as line:
        welcome, first = await line.receive_json(), await line.receive_json()
        workspace.post(secret, user="U0XENA", text="Secret")
        workspace.post(workspace.channels["C0ESCINCIDENTS"], user="U0ANA", text="Not for guests")
        workspace.post(
            workspace.channels["C0GENERAL"], user="U0ANA", text="Only for Ana", ephemeral_to="U0ANA"
        )
        workspace.post(workspace.channels["C0GENERAL"], user="U0ANA", text="For all")
        patch = await line.receive_json()

    assert welcome["me"] == "U0GUS"
    assert {channel["name"] for channel in first["channels"].values()} == {"general", ""}
    assert set(patch["channels"]) == {"C0GENERAL"}
    shown = [message["text"] for message in patch["messages"]["C0GENERAL"].values() if message]
    assert shown == ["For all"]


async def test_leaving_a_private_channel_takes_it_off_the_page(
    browser: aiohttp.ClientSession, sandbox: Sandbox
) -> None:
    secret = sandbox.workspace.create_channel("board", user="U0XENA", is_private=True)
    sandbox.workspace.join(secret, "U0ANA")
    async with browser.ws_connect("/_sandbox/live?as=U0ANA") as line:
        await line.receive_json()
        assert (await line.receive_json())["channels"][secret.id]["name"] == "board"
        sandbox.workspace.leave(secret, "U0ANA")
        assert (await line.receive_json())["channels"][secret.id] is None


async def test_many_changes_at_once_come_as_one(browser: aiohttp.ClientSession, sandbox: Sandbox) -> None:
    general = sandbox.workspace.channels["C0GENERAL"]
    async with browser.ws_connect("/_sandbox/live?as=U0ANA") as line:
        await line.receive_json()
        await line.receive_json()
        for number in range(200):
            sandbox.workspace.post(general, user="U0BEN", text=str(number))
        patch = await line.receive_json()

    assert len(patch["messages"]["C0GENERAL"]) == 200


async def test_a_clock_that_cannot_be_moved_says_so(browser: aiohttp.ClientSession) -> None:
    async with browser.post("/_sandbox/act/skip", json={"as": "U0ANA", "seconds": 60}) as answer:
        assert await answer.json() == {"ok": False, "error": "This clock cannot be moved."}


@pytest.mark.parametrize("seconds", [-1, 86400 * 40])
async def test_the_clock_never_goes_back_nor_far_away(
    browser: aiohttp.ClientSession, sandbox: Sandbox, clock: SandboxClock, seconds: int
) -> None:
    async def skip(by: timedelta) -> None:
        clock.skip(by)

    sandbox.skip = skip
    before = clock()
    async with browser.post("/_sandbox/act/skip", json={"as": "U0ANA", "seconds": seconds}) as answer:
        assert (await answer.json())["ok"] is False
    assert clock() == before


async def test_a_file_is_kept_and_only_ever_saved_never_opened(browser: aiohttp.ClientSession) -> None:
    async with browser.post(
        "/_sandbox/file?as=U0ANA&name=trace<b>.html", data=b"<script>1</script>"
    ) as answer:
        kept = await answer.json()
    async with browser.get(f"/_sandbox/file/{kept['id']}") as answer:
        assert await answer.read() == b"<script>1</script>"
        assert answer.content_type == "application/octet-stream"
        assert answer.headers["Content-Disposition"] == 'attachment; filename="trace_b_.html"'
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
    async with browser.post("/_sandbox/file?as=U0ANA&name=", data=b"1") as answer:
        assert answer.status == 400


def test_outside_text_can_only_become_text() -> None:
    for script in STATIC.rglob("*.js"):
        text = script.read_text()
        assert not re.search(
            r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function", text
        )
        assert not re.search(r"https?://(?!www\.w3\.org)[a-z]+\.(?!acme)", text), (
            "nothing is fetched from elsewhere"
        )


def test_every_file_of_the_page_is_short() -> None:
    for file in [*STATIC.rglob("*.js"), *STATIC.rglob("*.css"), *STATIC.rglob("*.html")]:
        assert len(file.read_text().splitlines()) <= 300, file.name


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(
    ("ink", "paper"),
    [
        ("ink", "paper"),
        ("soft", "paper"),
        ("soft", "rail"),
        ("soft", "hover"),
        ("soft", "press"),
        ("soft", "raised"),
        ("accent", "accent-wash"),
        ("accent", "mark"),
        ("accent", "paper"),
        ("link", "paper"),
        ("link", "raised"),
        ("stop-deep", "raised"),
        ("stop-deep", "stop-wash"),
        ("code", "hover"),
        ("on-fill", "go"),
        ("on-fill", "stop"),
        ("paper", "accent"),
    ],
)
def test_words_stand_out_from_what_is_behind_them(scheme: str, ink: str, paper: str) -> None:
    colours = palette(scheme)

    lighter, darker = sorted((brightness(colours[ink]), brightness(colours[paper])), reverse=True)

    assert (lighter + 0.05) / (darker + 0.05) >= 4.5


def palette(scheme: str) -> dict[str, str]:
    light, dark = (STATIC / "css" / "base.css").read_text().split("@media (prefers-color-scheme: dark)", 1)
    found = dict(re.findall(r"--([\w-]+): #([0-9a-f]{6})", light))
    if scheme == "dark":
        found |= dict(re.findall(r"--([\w-]+): #([0-9a-f]{6})", dark))
    return found


def brightness(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


async def test_alone_it_prints_what_a_bot_needs_to_connect(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    manifest = tmp_path / "manifest.yml"
    manifest.write_text("display_information:\n  name: Tocsin\n")

    serving = asyncio.create_task(run.serve(manifest, "127.0.0.1", 0))
    printed = ""
    async with asyncio.timeout(5):
        while "SLACK_API_URL" not in printed:
            await asyncio.sleep(0)
            printed += capsys.readouterr().out
    settings = dict(re.findall(r"^(SLACK_\w+)=(\S+)$", printed, re.MULTILINE))
    assert set(settings) == {"SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "SLACK_SIGNING_SECRET", "SLACK_API_URL"}
    headers = {"Authorization": f"Bearer {settings['SLACK_BOT_TOKEN']}"}
    address = f"{settings['SLACK_API_URL']}auth.test"
    async with aiohttp.ClientSession() as session, session.post(address, headers=headers) as answer:
        assert (await answer.json())["ok"] is True
    serving.cancel()
    with pytest.raises(asyncio.CancelledError):
        await serving


@pytest.mark.parametrize(
    ("content", "said"),
    [(None, "cannot be read"), ("a: [", "not valid YAML"), ("- a\n- b\n", "must be a mapping")],
)
def test_a_manifest_that_cannot_be_used_is_explained(tmp_path: Path, content: str | None, said: str) -> None:
    manifest = tmp_path / "manifest.yml"
    if content is not None:
        manifest.write_text(content)

    with pytest.raises(ValueError, match=said) as problem:
        run.read_manifest(manifest)
    assert str(manifest) in str(problem.value)
