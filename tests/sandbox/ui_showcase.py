"""Every block a bot may send, in the messages that the page is asked to draw."""

from typing import Any

from tests.sandbox.ui_blocks import LEVELS, PARTS, button, mrkdwn, plain

PICTURE = "http://127.0.0.1:1/nothing.png"

WORDS = (
    "*Bold*, _italic_, ~gone~, `code`, *_both_*, 2*3*4 stays, <https://status.acme.example|status page>\n"
    "> A quote of <@U0BEN>\n> on two lines\n"
    "```\nselect 1 < 2 and 'a' & 'b'\n```\n"
    "Ends <!date^1803910200^{date_short_pretty} at {time}|soon>, tell <!here>. Tom &amp; &lt;Co&gt; :tada:"
)
MARKDOWN = (
    "## What we know\n"
    "The **checkout** pool ran out of *connections* at `14:02`.\n\n"
    "1. Raise the limit\n2. Restart `pay-api`\n   - one at a time\n"
    "- [x] Rollback ready\n- [ ] Customers told\n\n"
    "> Do not touch the ledger.\n\n"
    "| Region | Errors | p99 |\n|:--|--:|--:|\n| east | 4.1 % | 900 ms |\n| west | 0.2 % | 120 ms |\n\n"
    "```\npool=40\n```\n[Runbook](https://wiki.acme.example/pay)"
)


def rich_text() -> dict[str, Any]:
    def say(text: str, **style: bool) -> dict[str, Any]:
        return {"type": "text", "text": text, **({"style": style} if style else {})}

    def section(*elements: dict[str, Any]) -> dict[str, Any]:
        return {"type": "rich_text_section", "elements": list(elements)}

    return {
        "type": "rich_text",
        "elements": [
            section(
                say("Rich ", bold=True),
                say("text", italic=True),
                say(" for "),
                {"type": "user", "user_id": "U0FAY"},
            ),
            {
                "type": "rich_text_list",
                "style": "bullet",
                "elements": [section(say("First")), section(say("Second"))],
            },
            {"type": "rich_text_list", "style": "ordered", "indent": 1, "elements": [section(say("Deeper"))]},
            {"type": "rich_text_quote", "elements": [say("Said before")]},
            {"type": "rich_text_preformatted", "elements": [say("kubectl get pods")]},
        ],
    }


def table() -> dict[str, Any]:
    rows = [("Incident", "Owner", "Waiting"), ("INC-7", "Caro", "4"), ("INC-6", "Eli", "31")]
    return {
        "type": "table",
        "column_settings": [{}, {"is_wrapped": True}, {"align": "right"}],
        "rows": [[{"type": "raw_text", "text": cell} for cell in row] for row in rows],
    }


def select(kind: str, hint: str, **more: Any) -> dict[str, Any]:
    return {"type": kind, "action_id": f"any-{kind}", "placeholder": plain(hint), **more}


SHOWCASE: list[tuple[str, list[dict[str, Any]]]] = [
    ("Words", [{"type": "section", "text": mrkdwn(WORDS)}]),
    (
        "Sections",
        [
            {
                "type": "section",
                "text": mrkdwn("Severity of this incident"),
                "accessory": select("static_select", "Severity", options=LEVELS),
            },
            {
                "type": "section",
                "text": mrkdwn("Who must know?"),
                "accessory": select("multi_users_select", "People"),
            },
            {
                "type": "section",
                "text": mrkdwn("Affected parts"),
                "accessory": {"type": "checkboxes", "action_id": "any-boxes", "options": PARTS},
            },
            {
                "type": "section",
                "text": mrkdwn("A picture that cannot be fetched"),
                "accessory": {"type": "image", "image_url": PICTURE, "alt_text": "Error rate"},
            },
        ],
    ),
    (
        "Pickers",
        [
            {
                "type": "actions",
                "elements": [
                    select("users_select", "Person"),
                    select("channels_select", "Channel"),
                    select("conversations_select", "Place"),
                    {"type": "datepicker", "action_id": "any-date", "initial_date": "2027-03-02"},
                    {"type": "timepicker", "action_id": "any-time", "initial_time": "09:30"},
                    {"type": "datetimepicker", "action_id": "any-moment", "initial_date_time": 1803910200},
                    {"type": "radio_buttons", "action_id": "any-radio", "options": LEVELS[:2]},
                ],
            }
        ],
    ),
    ("Markdown", [{"type": "markdown", "text": MARKDOWN}]),
    ("Rich text", [rich_text(), table()]),
    (
        "Image",
        [
            {
                "type": "image",
                "image_url": PICTURE,
                "alt_text": "Errors per minute",
                "title": plain("Errors"),
            },
            {
                "type": "actions",
                "elements": [
                    button("Never answers", "dead"),
                    button("Status page", "any5", url="https://status.acme.example"),
                ],
            },
        ],
    ),
]


def composed() -> list[dict[str, Any]]:
    said = {
        "type": "rich_text",
        "elements": [{"type": "rich_text_section", "elements": [{"type": "text", "text": "pool=40"}]}],
    }
    numbers = [{"type": "raw_text", "text": "Hour"}, {"type": "raw_text", "text": "Errors"}]
    rows = [
        [{"type": "raw_text", "text": f"{hour}:00"}, {"type": "raw_number", "value": hour * 7}]
        for hour in range(12)
    ]
    points = [{"label": "east", "value": 4}, {"label": "west", "value": 1}]
    inner = {"type": "section", "text": mrkdwn("Inside"), "accessory": button("Look inside", "any6")}
    return [
        {
            "type": "card",
            "title": plain("Checkout runbook"),
            "subtitle": plain("Updated today"),
            "body": mrkdwn("Raise the *pool*."),
            "actions": [button("Open runbook", "any7")],
        },
        {
            "type": "carousel",
            "elements": [{"type": "card", "title": plain(name)} for name in ("Ana", "Ben", "Caro")],
        },
        {"type": "container", "title": plain("Details"), "is_collapsible": True, "child_blocks": [inner]},
        {
            "type": "plan",
            "title": "Next steps",
            "tasks": [
                {
                    "type": "task_card",
                    "task_id": "1",
                    "title": "Raise the pool",
                    "status": "complete",
                    "output": said,
                },
                {"type": "task_card", "task_id": "2", "title": "Tell customers", "status": "pending"},
            ],
        },
        {
            "type": "task_card",
            "task_id": "3",
            "title": "Watching",
            "status": "in_progress",
            "sources": [{"type": "url", "url": "https://status.acme.example", "text": "Status"}],
        },
        {"type": "data_table", "caption": "Errors by hour", "page_size": 5, "rows": [numbers, *rows]},
        {
            "type": "data_visualization",
            "title": "Errors by region",
            "chart": {
                "type": "bar",
                "series": [{"name": "Errors", "data": points}],
                "axis_config": {"categories": ["east", "west"]},
            },
        },
        {
            "type": "context_actions",
            "elements": [
                {
                    "type": "feedback_buttons",
                    "action_id": "any8",
                    "positive_button": {"text": plain("Helpful"), "value": "yes"},
                    "negative_button": {"text": plain("Not helpful"), "value": "no"},
                }
            ],
        },
    ]
