"""What callers hear: recordings where they lie, and tones that say as much where none does."""

from collections.abc import Iterable, Sequence

from fsctl.model import spoken_moment
from fsctl.model.actions import Ask, Play
from fsctl.model.announcements import BUILT_IN, Tone, tone_of
from fsctl.model.foreign import clean_number
from fsctl.model.office import Office

#: Refusal is the special information tone of the public network; confirmation rises; a question is one short beep.
TONES: dict[Tone, str] = {
    "refusal": "tone_stream://%(330,15,950);%(330,15,1400);%(330,1000,1800)",
    "confirmation": "tone_stream://%(120,60,660);%(120,60,880);%(240,200,1320)",
    "question": "tone_stream://%(250,0,880)",
}

#: What is heard by somebody who waits and whose call has been taken already: that it rings.
RINGBACK = "%(1000,4000,425)"
RINGING = f"tone_stream://{RINGBACK};loops=-1"

#: What somebody hears whose call was answered already, and who reaches nobody since all are engaged: four times.
BUSY = "tone_stream://%(480,480,425);loops=4"
BUSY_SECONDS = 4

#: What all hear when one more joins their talk.
JOINED = "tone_stream://%(300,0,700)"

#: What those who are left in a group call hear when one leaves it.
LEFT = "tone_stream://%(300,0,500)"

#: What all who talk hear when their talk is recorded from now on, and when it is so no longer.
RECORDED = "tone_stream://%(400,0,1400)"
NOT_RECORDED = "tone_stream://%(400,0,900)"

_KEYS = {"*": "star", "#": "hash", "+": "plus"}

#: Where recordings lie, as FreeSWITCH has it.
FOLDER = "${fsctl_prompts}"


def recording(action: Play | Ask) -> str:
    """Where FreeSWITCH finds the recording: the office's own, or the program's in that language."""
    return f"{FOLDER}/{action.file or f'{action.language}/{action.announcement}.wav'}"


def ways(play: Play) -> tuple[tuple[str, str], ...]:
    """How to say it, best first: an application and its argument. The last is always heard.

    The phrase macro is what an installation may have changed (freeswitch_conf/announcement_macros.xml); its language
    is that of the channel's variable ``language``.
    """
    plain = (("playback", recording(play)), ("playback", tone(play)))
    return plain if play.file else (("phrase", f"fsctl_announcement,{play.announcement}"), *plain)


def tone(action: Play | Ask) -> str:
    """What is heard where there is no recording."""
    return TONES["question" if isinstance(action, Ask) else tone_of(action.announcement)]


def prompt(action: Play | Ask) -> str:
    """The recording and then the tone, in one: of a file that is missing only the tone is left.

    ``play_and_get_digits`` would not wait for keys after a single file that is missing.
    """
    return f"file_string://{recording(action)}!{tone(action)}"


def music(name: str) -> str:
    """What a site plays to who waits: a file of the office's own or a stream; "" for FreeSWITCH's own music."""
    if name in ("", "moh"):
        return ""
    return name if "://" in name or name.startswith("/") else f"{FOLDER}/{name}"


def press_1(language: str) -> str:
    """What somebody hears at a phone outside who is to press 1."""
    return prompt(Ask("press-1", language, 1))


def ways_of_digits(digits: str, language: str) -> tuple[tuple[str, str], ...]:
    """As ``ways``, for digits one by one."""
    return ("phrase", f"fsctl_digits,{digits}"), ("playback", spoken(digits, language))


def spoken(digits: str, language: str) -> str:
    """Digits one by one. ``digits`` are of ``0-9*#+``. Files that are missing are passed over."""
    return in_turn(_digits(digits, language))


def spoken_words(names: Sequence[str], language: str) -> str:
    """The program's recordings of these names, as ``spoken``."""
    return in_turn(_words(names, language))


def in_turn(played: Sequence[str]) -> str:
    """Several files and tones one after the other."""
    return "file_string://" + "!".join(played)


def said(play: Play, *, there: bool) -> str:
    """The announcement, or its tone where the recording is not ``there``, and what comes after it, in one."""
    first = recording(play) if there else tone(play)
    digits = _digits(clean_number(play.digits), play.language)
    return in_turn([first, *digits, *_words(play.words, play.language)])


def _digits(digits: str, language: str) -> list[str]:
    return [f"{FOLDER}/{language}/digits/{_KEYS.get(digit, digit)}.wav" for digit in digits]


def _words(names: Iterable[str], language: str) -> list[str]:
    return [f"{FOLDER}/{language}/{name}.wav" for name in names]


def own(office: Office) -> list[str]:
    """The office's own recordings: announcements, greetings, music."""
    spoken = [*office.announcements.values(), *(each.greeting for each in office.attendants.values())]
    files = [f"{FOLDER}/{file}" for texts in spoken for file in texts.values()]
    return sorted({*files, *(played for site in office.sites.values() if _is_file(played := music(site.music)))})


def shipped(office: Office) -> list[str]:
    """The program's, in all languages that somebody in the office hears."""
    spoken = {site.language for site in office.sites.values()}
    languages = sorted(spoken.union(user.language for user in office.users.values() if user.language))
    return [recording for language in languages for recording in (
        *_words(sorted(BUILT_IN), language), *_digits("0123456789*#+", language),
        *_words(spoken_moment.recordings(language), language))]


def unnoticed(office: Office) -> list[str]:
    """Those whose lack FreeSWITCH does not tell when it plays them: questions and music, and the office's own."""
    asked = tuple(f"/{name}.wav" for name, tone in BUILT_IN.items() if tone == "question")
    return own(office) + [each for each in shipped(office) if each.endswith(asked)]


def _is_file(played: str) -> bool:
    return played != "" and "://" not in played
