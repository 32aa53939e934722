"""The pieces that everything shown is made of, and the incident card and Home tab of the bot."""

from typing import Any


def plain(text: str) -> dict[str, Any]:
    return {"type": "plain_text", "text": text, "emoji": True}


def mrkdwn(text: str) -> dict[str, Any]:
    return {"type": "mrkdwn", "text": text}


def option(text: str, hint: str = "") -> dict[str, Any]:
    shown: dict[str, Any] = {"text": plain(text), "value": text.lower()}
    return shown | ({"description": plain(hint)} if hint else {})


LEVELS = [option("SEV1", "Customers cannot work"), option("SEV2", "A part is broken"), option("SEV3")]
PARTS = [option("Checkout"), option("Search"), option("Sign-in")]


def button(text: str, action_id: str = "any", **more: Any) -> dict[str, Any]:
    return {"type": "button", "text": plain(text), "action_id": action_id, "value": "7", **more}


def card(standing: str, *, open_: bool = True) -> list[dict[str, Any]]:
    asks: list[dict[str, Any]] = [
        button("Acknowledge", "ack", style="primary"),
        button("Decline", "any2"),
        button(
            "Escalate now",
            "any3",
            style="danger",
            confirm={
                "title": plain("Ask the next person?"),
                "text": mrkdwn("*Caro* is asked at once; Ana is told."),
                "confirm": plain("Ask Caro"),
                "deny": plain("Wait"),
                "style": "danger",
            },
        ),
        {
            "type": "overflow",
            "action_id": "any4",
            "options": [option("Show the audit trail"), option("Mute for me")],
        },
    ]
    asking: list[dict[str, Any]] = [
        {"type": "divider"},
        {"type": "actions", "block_id": "asks", "elements": asks},
    ]
    return [
        {"type": "header", "text": plain(":rotating_light: SEV1 · Checkout is down")},
        {
            "type": "section",
            "fields": [
                mrkdwn(f"*Who*\n{standing}"),
                mrkdwn("*Answer due*\n<!date^1803910200^{time} ({ago})|14:10>"),
                mrkdwn("*Stage*\nTriage"),
                mrkdwn("*Owner*\n<@U0CARO> for <!subteam^S0ONCALL>"),
            ],
        },
        {
            "type": "context",
            "elements": [mrkdwn("INC-7 · opened by <@U0ANA> in <#C0GENERAL> · :eyes: 3 watching")],
        },
        *(asking if open_ else []),
    ]


def home() -> dict[str, Any]:
    return {
        "type": "home",
        "blocks": [
            {"type": "header", "text": plain("What you owe")},
            {
                "type": "section",
                "text": mrkdwn("*INC-7* Acknowledge the page\nDue <!date^1803910200^{ago}|soon>"),
                "accessory": button("Acknowledge", "any", style="primary"),
            },
            {"type": "divider"},
            {"type": "context", "elements": [mrkdwn("Drawn for you alone.")]},
        ],
    }
