"""Point 18: whatever mod_voicemail says has words in German and in English."""

import re
import tomllib
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

CONF = Path(__file__).parents[2] / "freeswitch_conf"
TEXTS = tomllib.loads((CONF / "prompts.toml").read_text("utf-8"))
MACROS = {
    macro.get("name"): macro
    for file in ("mailbox_macros.xml", "announcement_macros.xml") for macro in ET.parse(CONF / file).iter("macro")
}

#: What FreeSWITCH 1.10.12's mod_voicemail asks of each of its macros, and what is played then, in its order.
ASKED = [
    ("voicemail_hello", "", ["hello"]),
    ("voicemail_goodbye", "", ["goodbye"]),
    ("voicemail_abort", "", ["abort"]),
    ("voicemail_ack", "saved", ["ack-saved"]),
    ("voicemail_ack", "deleted", ["ack-deleted"]),
    ("voicemail_ack", "emailed", ["ack-emailed"]),
    ("voicemail_ack", "marked-urgent", ["ack-marked-urgent"]),
    ("voicemail_ack", "too-small", ["ack-too-small"]),
    ("voicemail_invalid_extension", "199", ["invalid-extension"]),
    ("voicemail_enter_id", "#", ["enter-id"]),
    ("voicemail_enter_pass", "#", ["enter-pass"]),
    ("voicemail_fail_auth", "", ["fail-auth"]),
    ("voicemail_change_pass_success", "", ["change-pass-success"]),
    ("voicemail_change_pass_fail", "", ["change-pass-fail"]),
    ("voicemail_choose_greeting", "1:2:3:6:0", ["choose-greeting"]),
    ("voicemail_choose_greeting_fail", "", ["choose-greeting-fail"]),
    ("voicemail_greeting_selected", "4", ["greeting-selected", "4"]),
    ("voicemail_record_greeting", "", ["record-greeting"]),
    ("voicemail_record_name", "", ["record-name"]),
    ("voicemail_record_file_check", "1:2:3", ["record-file-check"]),
    ("voicemail_record_urgent_check", "*:#", ["record-urgent-check"]),
    ("voicemail_listen_file_check", "0:2:7:4:5:8", ["listen-file-check"]),
    ("voicemail_forward_prepend", "1:8", ["forward-prepend"]),
    ("voicemail_forward_message_enter_extension", "#", ["forward-message-enter-extension"]),
    ("voicemail_menu", "1:2:5:#", ["menu"]),
    ("voicemail_config_menu", "1:2:3:6:0", ["config-menu"]),
    ("voicemail_say_date", "1795514400", ["say-date", "2", "4", "1", "1", "say-time", "1", "0", "3", "0"]),
    ("voicemail_say_phone_number", "+4930", ["say-phone-number", "plus", "4", "9", "3", "0"]),
    ("voicemail_say_message_number", "new:1", ["say-new-message", "1"]),
    ("voicemail_say_message_number", "saved:12", ["say-saved-message", "1", "2"]),
    ("voicemail_disk_quota_exceeded", "", ["disk-quota-exceeded"]),
    ("voicemail_play_greeting", "102", ["play-greeting", "1", "0", "2"]),
    ("voicemail_record_message", "", ["record-message"]),
    ("voicemail_message_count", "0:new", ["no-new-messages"]),
    ("voicemail_message_count", "0:saved", ["no-saved-messages"]),
    ("voicemail_message_count", "1:new", ["one-new-message"]),
    ("voicemail_message_count", "1:saved", ["one-saved-message"]),
    ("voicemail_message_count", "1:urgent-new", ["one-urgent-new-message"]),
    ("voicemail_message_count", "3:new", ["count", "3", "new-messages"]),
    ("voicemail_message_count", "21:saved", ["count", "2", "1", "saved-messages"]),
    ("voicemail_message_count", "2:urgent-new", ["count", "2", "urgent-new-messages"]),
]

#: What FreeSWITCH makes of an instant, for what a test need not know of its functions.
CLOCK = {"${strftime_tz(${timezone} 1795514400|%d%m%H%M)}": "24111030"}


def played(name, data):
    """The names of the files that a macro plays, and of those that it asks of others."""
    found = []
    for given in MACROS[name].findall("input"):
        if match := re.search(given.get("pattern"), data):
            for action in given.iter("action"):
                told = re.sub(r"\$(\d)", lambda number, match=match: match[int(number[1])], action.get("data"))
                if action.get("function") == "phrase":
                    found += played(action.get("phrase"), CLOCK.get(told, told))
                elif file := re.search(r"/([\w-]+)\.wav", told):
                    found.append(file[1].removeprefix("voicemail-"))
    return found


@pytest.mark.parametrize(("macro", "data", "files"), ASKED)
def test_point_18_all_that_a_mailbox_says_has_german_and_english_words(macro, data, files):
    assert played(macro, data) == files
    for language in ("de", "en"):
        texts = TEXTS[language]
        assert [file for file in files if not (texts.get(f"voicemail-{file}") or texts["digits"].get(file))] == []


def test_point_18_every_macro_is_asked_for_and_every_text_is_said():
    assert {name for name in MACROS if name.startswith("voicemail_")} == {macro for macro, *_ in ASKED}
    said = {f"voicemail-{file}" for *_, files in ASKED for file in files}
    for language in ("de", "en"):
        assert {name for name in TEXTS[language] if name.startswith("voicemail-")} - said == set()


def test_point_18_nothing_is_said_of_a_time_that_freeswitch_does_not_know():
    assert played("mailbox_clock", "-ERR Invalid timezone/format") == []


#: The settings of mod_voicemail for the keys that a text names.
KEYS = {
    "record-file-check": ("listen-file-key", "save-file-key", "record-file-key"),
    "record-urgent-check": ("urgent-key", "terminator-key"),
    "listen-file-check": ("repeat-message-key", "save-file-key", "delete-file-key", "callback-key", "forward-key",
                          "previous-message-key", "next-message-key"),
    "forward-prepend": ("prepend-key", "forward-key"),
    "forward-message-enter-extension": ("terminator-key",),
    "menu": ("play-new-messages-key", "play-saved-messages-key", "config-menu-key", "terminator-key"),
    "config-menu": ("record-greeting-key", "choose-greeting-key", "record-name-key", "change-pass-key",
                    "main-menu-key"),
    "record-greeting": ("terminator-key",), "record-name": ("terminator-key",),
    "enter-id": ("terminator-key",), "enter-pass": ("terminator-key",),
}
WORDS = {
    "de": {"0": "Null", "1": "Eins", "2": "Zwei", "3": "Drei", "4": "Vier", "5": "Fünf", "6": "Sechs", "7": "Sieben",
           "8": "Acht", "9": "Neun", "*": "Stern", "#": "Raute"},
    "en": {"0": "zero", "1": "one", "2": "two", "3": "three", "4": "four", "5": "five", "6": "six", "7": "seven",
           "8": "eight", "9": "nine", "*": "star", "#": "hash"},
}


@pytest.mark.parametrize("language", ["de", "en"])
@pytest.mark.parametrize("text", KEYS)
def test_point_18_the_words_name_the_keys_that_are_set(text, language):
    settings = {each.get("name"): each.get("value")
                for each in ET.parse(CONF / "autoload_configs" / "voicemail.conf.xml").iter("param")}
    keys = {word: key for key, word in WORDS[language].items()}
    named = [keys[word] for word in re.findall(r"\w+", TEXTS[language][f"voicemail-{text}"]) if word in keys]
    assert named == [settings[setting] for setting in KEYS[text]]
