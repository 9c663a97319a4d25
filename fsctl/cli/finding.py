"""What a check of `fsctl doctor` has found."""

from dataclasses import dataclass


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
        return "FAIL" if not self.ok else "warn" if self.warning else "ok"
