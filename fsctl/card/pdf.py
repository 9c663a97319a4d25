"""The card as a PDF of one page, by fpdf2, which need not be installed for anything else."""

from functools import cache
from types import ModuleType
from typing import Any, Final

from fsctl.card import Card, fonts
from fsctl.card.block import Box, Colour
from fsctl.card.layout import sheet
from fsctl.errors import FsctlError
from fsctl.words import say

_FAMILY: Final = "card"

#: The size at which text is measured, whatever size it has then.
_EXACT: Final = 100

COLOURS: Final[dict[Colour, tuple[int, int, int]]] = {
    "black": (20, 20, 20), "grey": (95, 95, 95), "blue": (22, 66, 120), "white": (255, 255, 255), "red": (176, 16, 24),
    "line": (205, 205, 205),
}


def pdf(card: Card) -> bytes:
    """FsctlError where the library is missing, or the card does not fit on one page."""
    page = _library().FPDF(format="A4")
    page.set_auto_page_break(False)
    page.add_page()
    font = None if fonts.usual(card) else fonts.best(card)
    family = _with_font(page, font)
    shown = fonts.written(card, font)
    page.set_title(shown.title)
    page.set_lang(shown.language)

    @cache
    def width(text: str, bold: bool) -> float:
        page.set_font(family, "B" if bold else "", _EXACT)
        return float(page.get_string_width(text)) / _EXACT

    for each in sheet(shown, lambda text, size, bold: width(text, bold) * size).drawn:
        if isinstance(each, Box):
            page.set_fill_color(*COLOURS[each.colour])
            page.rect(each.x, each.y, each.width, each.height, "F")
        else:
            page.set_font(family, "B" if each.bold else "", each.size)
            page.set_text_color(*COLOURS[each.colour])
            page.text(each.x, each.y, each.text)
    return bytes(page.output())


def _with_font(page: Any, font: fonts.Font | None) -> str:
    if font is None:
        page.core_fonts_encoding = fonts.CHARSET
        return "helvetica"
    page.add_font(_FAMILY, "", font.plain)
    page.add_font(_FAMILY, "B", font.bold)
    return _FAMILY


def _library() -> ModuleType:
    try:
        import fpdf
    except ModuleNotFoundError as error:
        raise FsctlError(say("a PDF needs {library}: run pip install fpdf2", library=error.name)) from None
    return fpdf
