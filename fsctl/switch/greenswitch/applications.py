"""greenswitch's methods for FreeSWITCH's applications, each in words of ``call_command``."""

from abc import ABC, abstractmethod
from typing import Any

#: What an argument of ``play_and_get_digits`` is that the application leaves out between others.
_UNSAID = {"terminators": "none", "prompt_file": "silence_stream://1", "error_file": "silence_stream://1",
           "variable": "digits", "digits_regex": r"\d+"}


class Applications(ABC):
    """What a session can have FreeSWITCH do. ``response_timeout`` is seconds, without end where it is None."""

    @abstractmethod
    def call_command(
        self, app_name: str, app_args: object = None, block: bool = False, response_timeout: float | None = None
    ) -> Any:
        """Queue an application: FreeSWITCH's reply; with ``block`` its CHANNEL_EXECUTE_COMPLETE."""

    def answer(self) -> str:
        """FreeSWITCH's answer: that it is queued."""
        return str(self.call_command("answer").data)

    def park(self) -> None:
        """Queue ``park``."""
        self.call_command("park")

    def hangup(self, cause: str = "NORMAL_CLEARING") -> None:
        """Queue the hang-up, with a Q.850 name."""
        self.call_command("hangup", cause)

    def playback(self, path: str, block: bool = True) -> Any:
        """Play a file or stream; its completion, None without ``block``."""
        return self._run("playback", path, block, None)

    def play_and_get_digits(
        self, min_digits: object = None, max_digits: object = None, max_attempts: object = None,
        timeout: object = None, terminators: object = None, prompt_file: object = None, error_file: object = None,
        variable: object = None, digits_regex: object = None, digit_timeout: object = None,
        transfer_on_fail: object = None, block: bool = True, response_timeout: float | None = 30,
    ) -> str | None:
        """The keys that were pressed; None without ``block``, or without keys. ValueError if a number is missing."""
        said = {
            "min_digits": min_digits, "max_digits": max_digits, "max_attempts": max_attempts, "timeout": timeout,
            "terminators": terminators, "prompt_file": prompt_file, "error_file": error_file, "variable": variable,
            "digits_regex": digits_regex, "digit_timeout": timeout if digit_timeout is None else digit_timeout,
        }
        words = {name: _UNSAID.get(name) if value is None else value for name, value in said.items()}
        if missing := [name for name, value in words.items() if value is None]:
            raise ValueError(f"play_and_get_digits without {', '.join(missing)}")
        more = [] if transfer_on_fail is None else [transfer_on_fail]
        event = self._run("play_and_get_digits", " ".join(map(str, [*words.values(), *more])), block, response_timeout)
        return event.headers.get(f"variable_{words['variable']}") if event is not None else None

    def say(
        self, module_name: str = "en", lang: str | None = None, say_type: str = "NUMBER",
        say_method: str = "pronounced", gender: str = "FEMININE", text: object = None, block: bool = True,
        response_timeout: float | None = 30,
    ) -> Any:
        """Say a number, a date …; its completion, None without ``block``. ValueError without ``text``."""
        if text is None:
            raise ValueError("say without text")
        module = f"{module_name}:{lang}" if lang else module_name
        return self._run("say", f"{module} {say_type} {say_method} {gender} {text}", block, response_timeout)

    def bridge(self, args: str, block: bool = True, response_timeout: float | None = None) -> Any:
        """Ring whom ``args`` names; with ``block`` until the talk is over, or nobody answers."""
        return self.call_command("bridge", args, block, response_timeout)

    def _run(self, app: str, arg: str, block: bool, response_timeout: float | None) -> Any:
        answer = self.call_command(app, arg, block, response_timeout)
        return answer if block else None
