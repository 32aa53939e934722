"""Which stage may follow which, and what is said when one is entered."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from difflib import get_close_matches
from typing import Any

from bot.domain import acting, gates, progress, promises, proposals, quorum, rights, targets, thresholds
from bot.domain.decision import INCIDENT, Decision, Fact, Notice, NoticeKind
from bot.domain.errors import IllegalMove, InvalidInput, NotAllowed, NotMet
from bot.domain.incident import Incident, Stage, UserId
from bot.domain.items import Item, Proposal, ProposalKind
from bot.domain.mrkdwn import blanks
from bot.domain.policy import Policy, StageText
from bot.domain.roles import Directory

# Who wrote the texts of the stages.
AUTHOR = "tocsin"

LONGEST_REASON = 500


def label(policy: Policy, stage: Stage) -> str:
    """Return a stage as people read it."""
    row = policy.stages.get(stage)
    return row.label if row is not None else stage.capitalize()


def legal(policy: Policy, stage: Stage) -> tuple[Stage, ...]:
    """Return every stage that may follow, in the policy's order. Cards offer these and no others.

    From a stage that the policy does not have (the incident was moved to another version) the way leads to the first one.
    """
    row = policy.stages.get(stage)
    if row is None:
        return (policy.first_stage,) if policy.stages else ()
    return row.leads_to


def named(policy: Policy, name: str) -> Stage:
    """Return the stage of this policy that somebody named by its id or its label, a slip of a letter forgiven.

    Raises `InvalidInput` (``stage``) that lists all of them.
    """
    known = {row.label.casefold(): stage for stage, row in policy.stages.items()}
    known |= {stage.casefold(): stage for stage in policy.stages}
    near = get_close_matches(" ".join(name.split()).casefold(), known, n=1, cutoff=0.8)
    if not near:
        names = ", ".join(row.label for row in policy.stages.values())
        example = next(iter(legal(policy, policy.first_stage)), policy.first_stage)
        problem = f"Please name a stage: {names}. For example `/incident stage {example}`."
        raise InvalidInput({"stage": problem})
    return known[near[0]]


def texts_for(policy: Policy, incident: Incident, stage: Stage) -> tuple[StageText, ...]:
    """Return which texts a stage owes: by severity, by what customers see, by the incident's scores (M-02)."""
    return tuple(text for text in policy.stages[stage].texts if _owed(incident, text))


def check(incident: Incident, stage: Stage, policy: Policy, directory: Directory, by: UserId) -> None:
    """Refuse a move that is not in the table, or by somebody who has no part in the incident.

    Raises `IllegalMove` naming the legal moves, or `NotAllowed`.
    """
    acting.require(directory, by)
    if incident.is_closed:
        raise IllegalMove(f"{incident.key} is closed. Reopen it first: `/incident reopen`.")
    if "move_stage" in policy.decision_rights:
        rights.require(policy, directory, incident, by, "move_stage")
    elif not takes_part(incident, policy, directory, by):
        lead = quorum.label(policy, policy.row(incident.severity).lead)
        raise NotAllowed(f"Only people on the roster can move {incident.key}. Please ask the {lead}.")
    if stage in legal(policy, incident.stage):
        return
    here = label(policy, incident.stage)
    if stage == incident.stage:
        raise IllegalMove(f"{incident.key} is in {here} already.")
    names = " or ".join(label(policy, to) for to in legal(policy, incident.stage))
    raise IllegalMove(f"{incident.key} is in {here}; from here it can move to {names or 'no other stage'}.")


def takes_part(incident: Incident, policy: Policy, directory: Directory, user: UserId) -> bool:
    """Tell whether somebody leads, opened or holds any role: those work on an incident."""
    return user in (incident.lead, incident.opened_by) or bool(
        quorum.roles_now(policy, directory, incident, user)
    )


def enter(
    incident: Incident,
    items: Sequence[Item],
    stage: Stage,
    policy: Policy,
    directory: Directory,
    *,
    by: UserId,
    now: datetime,
    texts: Mapping[str, str],
    override: str = "",
) -> Decision:
    """Enter a stage and send its whole set of texts: internal ones are posted, the others become drafts (M-02).

    ``texts`` holds the written text of each template of `texts_for`. An older open draft to the same audience is
    superseded: it is no longer the latest. ``override`` is why it goes on although something is missing. Raises what
    `check` raises, and `NotMet` naming what is missing.
    """
    check(incident, stage, policy, directory, by)
    lacks = gates.missing(incident, items, policy, stage)
    before = _past_the_gate(incident, lacks, stage, policy, directory, by, override, now)
    entered = replace(before.incident, stage=stage, stage_since=now)
    entered = progress.kept(entered, now, *filter(None, (incident.stage, stage)), by=by)
    data: dict[str, Any] = {"from": incident.stage, "to": stage, "by": by}
    if lacks.asked:
        data["left_open"] = [one.text for one in lacks.asked]
    moved = Decision(
        incident=entered,
        facts=(Fact(kind="stage.entered", data=data, rule="stage.enter"),),
        timers=(*targets.timers(entered, policy, now), *thresholds.timers(entered, policy, now)),
    )
    return before.then(moved).then(
        say(
            entered,
            items,
            texts_for(policy, entered, stage),
            policy,
            directory,
            now=now,
            texts=texts,
        )
    )


def say(
    incident: Incident,
    items: Sequence[Item],
    wanted: Iterable[StageText],
    policy: Policy,
    directory: Directory,
    *,
    now: datetime,
    texts: Mapping[str, str],
) -> Decision:
    """Send texts of the stage that an incident is in, without moving it: for the stage in which it is opened.

    A draft is the bot's own words: whoever moved the incident has written nothing, so they may approve it like anybody.
    """
    stage = incident.stage
    decision = Decision(incident=incident)
    for text in wanted:
        written = texts[text.template]
        if not text.approve:
            decision = decision.then(_posted(incident, stage, text, written, now))
            continue
        same = [item for item in items if proposals.is_text_for(item, text.audience)]
        decision = decision.then(proposals.supersede(incident, same, now))
        item_id = proposals.new_id(
            incident, {i.id: i for i in (*items, *decision.items)}.values(), ProposalKind.TEXT
        )
        proposal = _draft(incident, policy, text, written, now)
        title = f"{text.audience} text for {policy.stages[stage].label}"
        decision = decision.then(
            proposals.ask(incident, item_id, proposal, policy, directory, now, title, items=items)
        )
    return decision


def _past_the_gate(
    incident: Incident,
    lacks: gates.Missing,
    to: Stage,
    policy: Policy,
    directory: Directory,
    by: UserId,
    override: str,
    now: datetime,
) -> Decision:
    """Let pass what is complete or overridden with a reason; raises `NotMet` for the rest."""
    if not lacks.holds_back:
        return Decision(incident=incident)
    why = " ".join(override.split())
    if not why:
        raise NotMet(
            f"{incident.key} cannot go to {label(policy, to)} yet. Still missing in {label(policy, incident.stage)}: "
            f"{gates.words(policy, lacks)}. Press *{label(policy, to)}* on the card and fill it in, or say there why it "
            f"goes on without ({rights.who(policy, incident, 'override_gate')})."
        )
    if len(why) > LONGEST_REASON:
        raise InvalidInput(
            {"override": f"The reason has {len(why)} characters; please keep it to {LONGEST_REASON}."}
        )
    rights.require(policy, directory, incident, by, "override_gate")
    return gates.override(incident, lacks, policy, to, by=by, reason=why, now=now)


def _posted(incident: Incident, stage: Stage, text: StageText, written: str, now: datetime) -> Decision:
    data = {
        "text": written,
        "audience": text.audience,
        "stage": stage,
        "template": text.template,
    }
    key = f"{incident.id}/stage/{stage}/{text.audience}/{now.isoformat()}"
    notice = Notice(kind=NoticeKind.STAGE_TEXT, to=INCIDENT, key=key, data=data)
    return Decision(incident=incident, notices=(notice,))


def _draft(incident: Incident, policy: Policy, text: StageText, written: str, now: datetime) -> Proposal:
    left = ", ".join(blanks(written))
    promised = promises.next_brief(incident, policy, now) if text.audience == promises.EXECUTIVE else None
    return Proposal(
        kind=ProposalKind.TEXT,
        value={
            "audience": text.audience,
            "text": written,
            "template": text.template,
            "stage": incident.stage,
            "next_update_at": promised.isoformat() if promised else None,
        },
        current=None,
        rationale=f"{incident.key} entered {policy.stages[incident.stage].label}."
        + (f" Still to fill in: {left}." if left else ""),
        proposed_by=AUTHOR,
    )


def _owed(incident: Incident, text: StageText) -> bool:
    if incident.severity not in text.severities:
        return False
    if text.customer_visible_only and not incident.customer_visible:
        return False
    least = text.at_least or {}
    return not least or any(quorum.reaches(incident, dimension, score) for dimension, score in least.items())
