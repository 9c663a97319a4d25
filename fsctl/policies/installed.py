"""Policies of other packages: whatever is installed under the entry point group ``fsctl.policies``.

Such an entry point names a Stage, or a tuple of several, whose ``before`` or ``after`` says where it belongs
(docs/writing-a-policy.md).
"""

from collections.abc import Iterator, Sequence
from importlib.metadata import entry_points

from fsctl.errors import FsctlError
from fsctl.policies.feature import Feature, Stage

GROUP = "fsctl.policies"


def installed() -> Iterator[Stage]:
    """The stages that other packages bring. FsctlError names the package of one that cannot be used."""
    for point in entry_points(group=GROUP):
        package = point.dist.name if point.dist else "?"
        try:
            found = point.load()
        except Exception as error:  # it may be anybody's code
            raise FsctlError(
                f"policy {point.name} of {package} cannot be loaded: {error!r}; mend or remove it") from error
        for stage in found if isinstance(found, tuple) else (found,):
            if not isinstance(stage, Stage) or bool(stage.before) == bool(stage.after):
                raise FsctlError(
                    f"policy {point.name} of {package}: {point.value} must be a Stage with `before` or `after`")
            yield stage


def arranged(own: Sequence[Stage], others: Iterator[Stage]) -> tuple[Stage, ...]:
    """All stages in their order. FsctlError for a place or a name that cannot be."""
    stages = list(own)
    for stage in others:
        names = [each.name for each in stages]
        if stage.name in names:
            raise FsctlError(f"there are two policies {stage.name}; one of them must have another name")
        place = stage.before or stage.after
        if place not in names:
            raise FsctlError(f"policy {stage.name} wants to be asked next to {place}; there are {', '.join(names)}")
        if stage.before == names[0]:
            raise FsctlError(f"policy {stage.name} wants to be asked before {place}, which comes before all others")
        _alone(stage.feature, stages)
        stages.insert(names.index(place) + bool(stage.after), stage)
    return tuple(stages)


def _alone(feature: Feature, stages: Sequence[Stage]) -> None:
    """FsctlError if another policy has its name, or serves one of its codes."""
    for other in {stage.feature for stage in stages} - {feature}:
        if other.name == feature.name:
            raise FsctlError(f"there are two policies {feature.name}; one of them must have another name")
        for code in feature.codes.keys() & other.codes.keys():
            raise FsctlError(f"policy {feature.name} serves the code {code}, which {other.name} serves already")
