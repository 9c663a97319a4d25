"""Policies of other packages: whatever is installed under the entry point group ``fsctl.policies``.

Such an entry point names a Stage, or a tuple of several, whose ``before`` or ``after`` says where it belongs
(docs/writing-a-policy.md).
"""

from collections.abc import Iterator, Sequence
from importlib.metadata import entry_points

from fsctl.errors import FsctlError
from fsctl.policies.feature import Feature, Stage
from fsctl.words import marked, say

GROUP = "fsctl.policies"

_TWICE = marked("there are two policies {policy}; one of them must have another name")


def installed() -> Iterator[Stage]:
    """The stages that other packages bring. FsctlError names the package of one that cannot be used."""
    for point in entry_points(group=GROUP):
        package = point.dist.name if point.dist else "?"
        try:
            found = point.load()
        except Exception as error:  # it may be anybody's code
            raise FsctlError(say("policy {policy} of {package} cannot be loaded: {why}; mend or remove it",
                                 policy=point.name, package=package, why=repr(error))) from error
        for stage in found if isinstance(found, tuple) else (found,):
            if not isinstance(stage, Stage) or bool(stage.before) == bool(stage.after):
                raise FsctlError(say("policy {policy} of {package}: {stage} must be a Stage with `before` or `after`",
                                     policy=point.name, package=package, stage=point.value))
            yield stage


def arranged(own: Sequence[Stage], others: Iterator[Stage]) -> tuple[Stage, ...]:
    """All stages in their order. FsctlError for a place or a name that cannot be."""
    stages = list(own)
    for stage in others:
        names = [each.name for each in stages]
        if stage.name in names:
            raise FsctlError(say(_TWICE, policy=stage.name))
        place = stage.before or stage.after
        if place not in names:
            raise FsctlError(say("policy {policy} wants to be asked next to {place}; there are {known}",
                                 policy=stage.name, place=place, known=", ".join(names)))
        if stage.before == names[0]:
            raise FsctlError(say("policy {policy} wants to be asked before {place}, which comes before all others",
                                 policy=stage.name, place=place))
        _alone(stage.feature, stages)
        stages.insert(names.index(place) + bool(stage.after), stage)
    return tuple(stages)


def _alone(feature: Feature, stages: Sequence[Stage]) -> None:
    """FsctlError if another policy has its name, or serves one of its codes."""
    for other in {stage.feature for stage in stages} - {feature}:
        if other.name == feature.name:
            raise FsctlError(say(_TWICE, policy=feature.name))
        for code in feature.codes.keys() & other.codes.keys():
            raise FsctlError(say("policy {policy} serves the code {code}, which {other} serves already",
                                 policy=feature.name, code=code, other=other.name))
