"""What a check of `fsctl doctor` has found."""

from dataclasses import dataclass

from fsctl.words import term


@dataclass(frozen=True, slots=True)
class Finding:
    """One check: what was looked at, whether it is well, and what to do where it is not.

    With ``warning`` it is well, but probably not meant so.
    """

    check: str
    ok: bool
    detail: str
    warning: bool = False

    @property
    def mark(self) -> str:
        if not self.ok:
            return term("finding", "FAIL")
        return term("finding", "warn") if self.warning else term("finding", "ok")
