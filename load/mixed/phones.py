"""What the phones of the mixed traffic do by themselves: extensions for the dialplan of the FreeSWITCH that plays them.

So no program decides anything while calls are measured, and all phones speak.
"""

from collections.abc import Sequence

from load.mixed.office import (
    ABSENT,
    ASSISTANTS,
    AT_ONCE,
    EXECUTIVES,
    IN_TURN,
    PARK,
    PARKING,
    PEOPLE,
    PUSH,
    TRANSFERRING,
)

#: Milliseconds until a phone answers, and until who transfers has spoken.
_ANSWER, _SPEAK = 500, 600

#: Who has called speaks for ``talk`` ms and hangs up; or first presses a key, when the attendant listens.
CALLING, PRESSING = "calling", "pressing"

_TONE = "tone_stream://%({ms},0,${{tone}})"
_Action = tuple[str, str]


def acting() -> str:
    """The extensions."""
    answers: list[_Action] = [
        ("ring_ready", ""), ("sleep", f"{_ANSWER}"), ("answer", ""), ("set", "playback_terminators=none")]
    speaks = ("playback", "tone_stream://%(60000,0,700)")
    return "\n".join([
        _extension("takes calls", (*PEOPLE, *IN_TURN, *AT_ONCE, *ASSISTANTS[:-1], *EXECUTIVES), *answers, speaks),
        *(_extension(f"transfers to {to}", (who,), *answers, *_sends(to))
          for who, to in zip(TRANSFERRING, PEOPLE[-len(TRANSFERRING):], strict=True)),
        _extension("parks", PARKING, *answers, *_sends(PARK)),
        _extension("hands over", ASSISTANTS[-1:], *answers, *_sends(f"{PUSH}{EXECUTIVES[-1]}")),
        _extension("rings", (*ABSENT, *(f"{who}-1" for who in PEOPLE)), ("ring_ready", ""), ("sleep", "60000")),
        _extension(CALLING, (CALLING,), *_SPEAKING),
        _extension(PRESSING, (PRESSING,), ("sleep", "1500"), ("send_dtmf", "${key}"), *_SPEAKING),
    ])


_SPEAKING: Sequence[_Action] = (
    ("set", "playback_terminators=none"), ("playback", _TONE.format(ms="${talk}")), ("hangup", "NORMAL_CLEARING"))


def _sends(to: str) -> Sequence[_Action]:
    """Speaks, and then sends a REFER to where the call comes from."""
    return (("playback", _TONE.format(ms=_SPEAK).replace("${tone}", "900")),
            ("deflect", f"sip:{to}@127.0.0.1:${{sip_contact_port}}"))


def _extension(name: str, called: Sequence[str], *actions: _Action) -> str:
    told = "".join(f'<action application="{what}" data="{how}"/>' for what, how in actions)
    return (f'<extension name="{name}"><condition field="destination_number" expression="^({"|".join(called)})$">'
            f"{told}</condition></extension>")
