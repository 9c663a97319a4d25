"""All rules that an office file must keep beyond the schema, applied at once."""

from collections.abc import Callable
from datetime import datetime

from fsctl import schema
from fsctl.officefile import (
    checks_dates,
    checks_effects,
    checks_executives,
    checks_intercept,
    checks_loops,
    checks_names,
    checks_numbers,
    checks_permissions,
    checks_references,
    checks_settings,
    checks_templates,
)
from fsctl.officefile.follow_ups import left_out
from fsctl.officefile.office_view import View
from fsctl.schema import Finding, Problem, Tree

RULES = (
    *checks_references.RULES, *checks_numbers.RULES, *checks_settings.RULES, *checks_dates.RULES,
    *checks_executives.RULES, *checks_intercept.RULES, *checks_loops.RULES,
    *checks_names.RULES, *checks_permissions.RULES, *checks_effects.RULES, *checks_templates.RULES,
)  # fmt: skip


def check(tree: Tree, now: datetime, told: Callable[[int, int], object] | None = None) -> list[Problem]:
    """Everything that is wrong with an office file at an aware instant: mistakes first, then warnings.

    ``told`` hears which of how many rules is being asked.
    """
    office, found, assumed = schema.examine(tree)
    if isinstance(tree, dict):
        view = View(office, tree, now, assumed)
        by_rules: list[Finding] = []
        for number, rule in enumerate(RULES, 1):
            if told:
                told(number, len(RULES))
            by_rules.extend(rule(view))
        found.extend(left_out(by_rules, view))
    return sorted((schema.locate(tree, each) for each in dict.fromkeys(found)), key=lambda each: each.warning)
