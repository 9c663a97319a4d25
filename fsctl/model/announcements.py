"""The announcements that come with the program, by name, and the tone that stands for each where no recording lies."""

from typing import Literal

Tone = Literal["refusal", "confirmation", "question"]

#: Every announcement that policies play or ask with. ``[announcements]`` of the office file adds to these and may
#: replace a recording, never its meaning.
BUILT_IN: dict[str, Tone] = {
    "blocked": "refusal",
    "unknown-number": "refusal",
    "not-available": "refusal",
    "not-possible": "refusal",
    "wrong-key": "refusal",
    "out-of-service": "refusal",
    "number-changed": "refusal",
    "enter-number": "question",
    "enter-extension": "question",
    "nothing-to-pick-up": "refusal",
    "nothing-parked": "refusal",
    "nothing-held": "refusal",
    "nothing-to-take-over": "refusal",
    "slot-occupied": "refusal",
    "slots-occupied": "refusal",
    "press-1": "question",
    "press-0": "question",
    "forward-on": "confirmation",
    "forward-off": "confirmation",
    "dnd-on": "confirmation",
    "dnd-off": "confirmation",
    "night-on": "confirmation",
    "night-off": "confirmation",
    "hunt-leave": "confirmation",
    "hunt-join": "confirmation",
    "filter-on": "confirmation",
    "filter-off": "confirmation",
    "opt-in": "confirmation",
    "opt-out": "confirmation",
    "divert-on": "confirmation",
    "divert-off": "confirmation",
    "parked": "confirmation",
    "handed-over": "confirmation",
    "talk-ended": "confirmation",
}


def tone_of(announcement: str) -> Tone:
    """What is heard instead; an announcement of the office's own is a refusal: the call goes no further."""
    return BUILT_IN.get(announcement, "refusal")
