"""Every action, callback and block id, in one place: what is drawn and what is listened to cannot drift apart."""

from bot.domain.incident import Dimension, Stage

# Buttons on pages and cards. Their value is an item id or an incident id.
ACKNOWLEDGE = "item:acknowledge"
ACKNOWLEDGE_MINE = "incident:acknowledge"
DECLINE = "item:decline"
ESCALATE_NOW = "item:escalate_now"
STEP_DONE = "step:done"
TASK_DONE = "task:done"

# Who is on call: answers to an offer and to a shift handed over (their value is an item id), and what leads to a form.
OFFER_ACCEPT = "oncall:accept"
OFFER_DECLINE = "oncall:decline"
OFFER_WITHDRAW = "oncall:withdraw"
SHIFT_TAKEN = "oncall:taken"
TAKE_PLACE = "oncall:take"
SWAP_SHIFTS = "oncall:swap"
GIVE_BACK = "oncall:give_back"

# Buttons on approval cards. Their value is compact JSON: item id and digest of the proposal.
APPROVE = "approval:approve"
CHANGE = "approval:change"
REJECT = "approval:reject"
ENDORSE = "policy:endorse"

# The button under the warning that the policy is due for a review. Its value is the version.
POLICY_STILL_RIGHT = "policy:still_right"

# Buttons on the incident card. Their value is the incident id.
POST_UPDATE = "incident:update"
NEXT_STEP = "incident:next_step"
SEVERITY = "incident:severity"
CLOSE = "incident:close"
REOPEN = "incident:reopen"
SETTLE = "incident:settle"
STOP_LINE = "incident:stop"
LIFT = "incident:lift"
REPAIR_CHANNEL = "incident:repair_channel"
STAGE_PREFIX = "incident:stage:"
TRIAGE = "incident:triage"

# The button on the Home tab that opens the opening form.
OPEN = "incident:open"

# Buttons that only lead somewhere; Slack reports the click, and nothing has to happen.
LINK_PREFIX = "link:"

# Questions of the opening form that make it compute again.
COMPUTE_PREFIX = "open:compute:"

# Forms.
OPEN_FORM = "form:open"
UPDATE_FORM = "form:update"
STEP_FORM = "form:step"
SETTLE_FORM = "form:settle"
SEVERITY_FORM = "form:severity"
STOP_FORM = "form:stop"
LIFT_FORM = "form:lift"
DECIDE_FORM = "form:decide"
CLOSE_FORM = "form:close"
GATE_FORM = "form:gate"
REOPEN_FORM = "form:reopen"
TAKE_FORM = "form:take"
SWAP_FORM = "form:swap"
LOADING = "form:loading"
REFUSAL = "form:refusal"

# Shortcuts, as named in the manifest.
OPEN_SHORTCUT = "open_incident"
OPEN_FROM_MESSAGE = "open_incident_from_message"

# The single element of an input block.
VALUE = "value"

# Fields of forms: the block id is the name of the field in a refusal.
TITLE = "title"
SUMMARY = "summary"
IDENTITY_ATTACHED = "identity_attached"
FLAGS = "flags"
KIND = "kind"
IDENTITY = "identity"
IDENTITY_NAME = "identity_name"
USERS_SAID = "users_said"
CONDITIONS = "conditions"
CONDITION = "condition"
RAISE_TO = "severity"
SEVERITY_REASON = "severity_reason"
AUDIENCE = "audience"
NEXT_UPDATE_AT = "next_update_at"
STEP_TEXT = "text"
STEP_OWNER = "owner"
STEP_DUE = "due"
REASON = "reason"
NEW_VALUE = "value"
CAUSE = "cause"
CAUSE_KIND = "cause_kind"
ACTIONS_TAKEN = "actions_taken"
VERIFICATION = "verification"
FIRST_STEP = "next_step"
CRITERIA = "criteria"
OVERRIDE = "override"
ON_CALL_ROLE = "role"
ON_CALL_PART = "part"
SINCE = "since"
UNTIL = "until"
MINE = "mine"
THEIRS = "theirs"

# What the checkboxes of the opening form stand for.
CUSTOMER_VISIBLE = "customer_visible"
PRIVATE = "private"
DRILL = "drill"

# The choice of audience, which decides what the update form asks.
AUDIENCE_CHOSEN = "update:audience"

# The answer "I do not know" to a question of the opening form.
UNKNOWN = "unknown"
# ... and "this does not apply", where an incident is scored anew.
NOT_INVOLVED = "not_involved"


def stage(to: Stage) -> str:
    """Return the action id of the button that enters a stage."""
    return f"{STAGE_PREFIX}{to}"


def dimension(asked: Dimension) -> str:
    """Return the block id of a question of the opening form."""
    return f"dimension:{asked.value}"
