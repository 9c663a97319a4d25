"""The sample office, which the demo runs and from which the tests start."""

from importlib.resources import files


def text() -> str:
    """The office file as people read it, with its comments."""
    return files(__name__).joinpath("office.toml").read_text(encoding="utf-8")
