"""Every block and every field, as a bot would send them."""

from typing import Any

PICTURE = "http://127.0.0.1:1/nothing.png"


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


def field(block_id: str, label: str, element: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {
        "type": "input",
        "block_id": block_id,
        "label": plain(label),
        "element": {"action_id": "in", **element},
        **more,
    }


def every_field() -> dict[str, Any]:
    return {
        "type": "modal",
        "callback_id": "every_field",
        "notify_on_close": True,
        "title": plain("Open an incident"),
        "submit": plain("Open"),
        "close": plain("Cancel"),
        "blocks": [
            {"type": "alert", "text": mrkdwn("This is recorded *before* anybody is told."), "level": "info"},
            field(
                "title",
                "Title",
                {"type": "plain_text_input", "placeholder": plain("Checkout is down")},
                hint=plain("One line: what is broken."),
            ),
            field("severity", "Severity", {"type": "static_select", "options": LEVELS}, optional=True),
            field("owner", "Owner", {"type": "users_select"}, optional=True),
            field(
                "service",
                "Service",
                {"type": "external_select", "min_query_length": 1},
                optional=True,
                dispatch_action=True,
            ),
            field("parts", "Affected parts", {"type": "checkboxes", "options": PARTS}, optional=True),
            field("impact", "Business impact", {"type": "radio_buttons", "options": LEVELS}, optional=True),
            field("rooms", "Tell these channels", {"type": "multi_channels_select"}, optional=True),
            field("since", "Since when", {"type": "datetimepicker"}, optional=True),
            field("day", "Day", {"type": "datepicker"}, optional=True),
            field("hour", "Hour", {"type": "timepicker"}, optional=True),
            field(
                "count",
                "Customers",
                {"type": "number_input", "is_decimal_allowed": False, "min_value": "1"},
                optional=True,
            ),
            field("mail", "Contact", {"type": "email_text_input"}, optional=True),
            field("page", "Dashboard", {"type": "url_text_input"}, optional=True),
            field("notes", "Notes", {"type": "plain_text_input", "multiline": True}, optional=True),
            field("update", "First update", {"type": "rich_text_input"}, optional=True),
            {
                "type": "section",
                "block_id": "more",
                "text": mrkdwn("Something else?"),
                "accessory": button("Add a role", "push"),
            },
        ],
    }


def second_form() -> dict[str, Any]:
    return {
        "type": "modal",
        "callback_id": "second",
        "title": plain("Add a role"),
        "submit": plain("Add"),
        "blocks": [field("role", "Role", {"type": "plain_text_input"})],
    }


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
