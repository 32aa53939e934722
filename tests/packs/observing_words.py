"""Observers: what the bot does with a policy (see `observers`)."""

from dataclasses import replace
from datetime import timedelta

from bot.domain import (
    desk,
    opening,
    rooms,
    settle,
)
from bot.domain.incident import (
    Dimension,
    IncidentId,
    Role,
    Severity,
)
from bot.domain.items import ProposalKind
from bot.domain.ladder import engagement
from bot.domain.policy import Policy
from tests.packs.observers import (
    ANA,
    HERE,
    NOW,
    default,
    drawn,
    incident,
    incidents,
    moment_of,
    observer,
    opened,
    people,
    tried,
)


@observer
def makes_channels(policy: Policy) -> object:
    """What a channel is called, and how many people are let in at once."""
    from bot.domain.incident import ChannelId

    one = incident(policy, Severity.SEV1)
    called = opening.open_incident(
        policy, people(policy), opening.Draft(title="It broke", scores=dict.fromkeys(Dimension, 4)),
        id=IncidentId("i"), number=1, by=ANA, workspace=HERE, now=NOW,
    )  # fmt: skip
    name = rooms.name(one, policy.channel_prefix)
    return [name, rooms.created(called.incident, called.items, policy, ChannelId("C1"), name)]


@observer
def settles(policy: Policy) -> object:
    """What is owed for what nobody knows yet."""
    return [settle.owe(one, policy, tuple(policy.dimensions), NOW) for one in incidents(policy)]


@observer
def owes_steps(policy: Policy) -> object:
    """By when somebody must say what happens next, keep a promise, or hear that an update is due."""
    from bot.domain import promises, steps

    found: list[object] = []
    for one in incidents(policy):
        found.append(steps.owe_next_step(one, policy, NOW))
        found.append(promises.next_brief(one, policy, NOW))
        for audience in ("", promises.EXECUTIVE):
            promised = promises.promise(
                one, policy, people(policy), NOW + timedelta(hours=2), NOW, audience=audience
            )
            found.append(promised)
            for item in promised.items:
                for timer in promised.timers:
                    found.append(
                        promises.fell_due(
                            one, item, timer.kind, policy, people(policy), NOW + timedelta(hours=3)
                        )
                    )
    return found


@observer
def waits_for_agreement(policy: Policy) -> object:
    """How long a proposal waits."""
    from bot.domain import proposals
    from bot.domain.items import Proposal

    found: list[object] = []
    for level in policy.severities:
        for kind in ProposalKind:
            proposal = Proposal(kind=kind, value=1, current=3, proposed_by=ANA, digest="d")
            found.append(proposals.waits(policy, incident(policy, level), proposal))
    return found


@observer
def stays_answered(policy: Policy) -> object:
    """How long an answer counts while nothing is heard."""
    from bot.domain import ladder

    found: list[object] = []
    for one in incidents(policy):
        called = engagement.engage_all(one, (), policy, people(policy), NOW, reason=opened())
        for page in called.items[:2]:
            for user in page.holders[:1]:
                found.append(
                    tried(ladder.acknowledge, called.incident, page, policy, people(policy), user, NOW)
                )
    return found


@observer
def suggests(policy: Policy) -> object:
    """What the offline advisor makes of what people say."""
    from bot.advisor.offline import OfflineAdvisor
    from bot.advisor.protocol import Said

    calm = incident(policy, Severity.SEV4, scores=dict.fromkeys(Dimension, 0))
    worst = incident(policy, Severity.SEV1, scores=dict.fromkeys(Dimension, 4))
    found: list[object] = []
    for rule in default().advice:
        for phrase in rule.any_of:
            said = [Said(ref="1", excerpt=f"I think the {phrase} now", by=ANA, at=NOW)]
            found += [OfflineAdvisor().advise(policy, one, said) for one in (calm, worst)]
    return found


@observer
def writes(policy: Policy) -> object:
    """Every text of the pack."""
    from bot.domain.comms import UpdateDraft
    from bot.domain.fields import Audience, Moment, wanted
    from bot.packs import texts

    found: list[object] = []
    for one in (incident(policy, Severity.SEV1), incident(policy, Severity.SEV3, customer_visible=True)):
        for stage, row in policy.stages.items():
            at = replace(one, stage=stage)
            for text in row.texts:
                found.append(texts.stage_text(policy, at, (), stage, text, now=NOW))
            found += [texts.template_of(Audience.CUSTOMER, moment_of(at, policy))]
        for audience in Audience:
            for moment in Moment:
                fields = {field.name: field.example for field in wanted(audience, moment)}
                draft = UpdateDraft(audience=audience, fields=fields, next_update_at=NOW)
                found.append(texts.update_text(policy, one, draft, moment=moment))
    return found


@observer
def shows_cards(policy: Policy) -> object:
    """The card of every incident, the form that opens one, and the others that ask."""
    from blocks import card, words
    from blocks.view import View

    found: list[object] = []
    for one in incidents(policy):
        called = engagement.engage_all(one, (), policy, people(policy), NOW, reason=opened())
        view = View(incident=one, items=called.items, item=None, policy=policy, directory=people(policy))
        found.append(drawn(card.draw(view, {})))
        found += [words.severity(policy, level) for level in policy.severities]
        found += [words.role(policy, role) for role in policy.roles]
    return found


@observer
def lets_one_person_agree_twice(policy: Policy) -> object:
    """Whether a small team's one person may be two."""
    from bot.domain import small_team

    needs = ((Role("incident_manager"),), (Role("technical_lead"),))
    both = frozenset({Role("incident_manager"), Role("technical_lead")})
    return [small_team.is_on(policy), small_team.met(policy, needs, [both])]


@observer
def asks_for_agreement(policy: Policy) -> object:
    """The card that asks to agree to a text for customers."""
    from blocks import approval
    from blocks.view import View
    from bot.domain.items import Item, ItemId, ItemKind, Proposal

    one = incident(policy, Severity.SEV1)
    text = {"audience": "customer", "text": "We are looking into it."}
    asked = Proposal(kind=ProposalKind.TEXT, value=text, current=None, proposed_by=ANA, digest="d")
    item = Item(
        id=ItemId("i/text"), incident_id=one.id, kind=ItemKind.APPROVAL, role=None, title="Agree",
        opened_at=NOW, asked_at=NOW, proposal=asked,
    )  # fmt: skip
    view = View(incident=one, items=(item,), item=item, policy=policy, directory=people(policy))
    return drawn(approval.draw(view, {}))


@observer
def hands_over(policy: Policy) -> object:
    """By when whoever comes on call must say so, and whoever is offered a place must answer."""
    from bot.domain import offers, shift_changes, shifts
    from bot.domain.oncall import Override

    table = desk.open_desk(HERE, policy, NOW).incident
    takes = Override(role=Role("l2"), part="primary", user=ANA, since=NOW, until=NOW + timedelta(days=9))
    found: list[object] = [offers.offered(table, policy, (takes,), "take", ANA, NOW)]
    for change in shift_changes.changes(policy, people(policy), NOW, NOW + timedelta(days=9))[:2]:
        for worst in (None, *policy.severities):
            found.append(shifts.hand_over(table, (), change, (), worst, policy, NOW))
    return found


@observer
def finds_channels(policy: Policy) -> object:
    """Where the bot speaks."""
    from bot.domain.decision import ANNOUNCEMENTS, CATCH_ALL, CUSTOMERS, EXECUTIVES
    from bot.engine.places import named

    return [named(policy.channels, to) for to in (ANNOUNCEMENTS, CATCH_ALL, CUSTOMERS, EXECUTIVES)]
