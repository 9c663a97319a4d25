"""The one list of policies, and what is made from it. Those of other packages are loaded here, and nowhere else."""

from fsctl.policies import (
    announcement,
    assistant_pool,
    attendant,
    barge_in,
    call_park,
    call_pickup,
    do_not_disturb,
    emergency,
    executive_assistant,
    executive_filter,
    executive_join,
    executive_on_behalf,
    executive_push,
    executive_take_over,
    extension,
    forwarding,
    group_call,
    hunt_group,
    hunt_membership,
    intercept,
    mailbox,
    night_service,
    outbound,
    own_dialplan,
    reception,
    recording,
    star_codes,
    transfer_recall,
    unknown_number,
    withholding,
)
from fsctl.policies.feature import Code, Feature, Stage
from fsctl.policies.installed import arranged, installed

#: Every star code that something serves, by its name.
CODES: dict[str, Code] = {}

#: The one list of policies, in the order in which they are asked: everything else is made from it. One that has a say
#: before and after ringing has two stages; one without a ``run`` acts by its codes alone.
STAGES: tuple[Stage, ...] = arranged((
    emergency.STAGE,
    transfer_recall.STAGE,
    star_codes.stage(CODES),
    call_pickup.STAGE,
    barge_in.STAGE,
    hunt_membership.STAGE,
    intercept.STAGE,
    executive_filter.STAGE,
    assistant_pool.STAGE,
    executive_on_behalf.STAGE,
    executive_push.STAGE,
    executive_take_over.STAGE,
    executive_join.STAGE,
    executive_assistant.STAGE,
    recording.STAGE,
    night_service.STAGE,
    reception.STAGE,
    forwarding.STAGE,
    do_not_disturb.STAGE,
    extension.STAGE,
    hunt_group.STAGE,
    group_call.STAGE,
    call_park.STAGE,
    forwarding.UNANSWERED,
    mailbox.STAGE,
    extension.UNANSWERED,
    attendant.STAGE,
    announcement.STAGE,
    outbound.STAGE,
    own_dialplan.STAGE,
    unknown_number.STAGE,
    withholding.STAGE,
), installed())

PIPELINE: tuple[Stage, ...] = tuple(stage for stage in STAGES if stage.run)

FEATURES: tuple[Feature, ...] = tuple(dict.fromkeys(stage.feature for stage in STAGES))

CODES |= {name: code for feature in FEATURES for name, code in feature.codes.items()}
