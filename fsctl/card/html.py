"""The card as a page of HTML that needs nothing beside it, and prints on one sheet of A4."""

import unicodedata
from collections.abc import Iterator
from html import escape
from typing import Final

from fsctl.card import Card, Row, Section
from fsctl.card.block import MM
from fsctl.card.layout import COLUMN, GAP, INSIDE, MARGIN, sheet

_STYLE: Final = """
@page {{ size: A4; margin: {margin}mm; }}
* {{ box-sizing: border-box; }}
body {{ margin: 0; font: {size}pt/1.2 Helvetica, Arial, "Liberation Sans", sans-serif; color: #141414;
  print-color-adjust: exact; -webkit-print-color-adjust: exact; overflow-wrap: anywhere; }}
main {{ width: {inside}mm; margin: 0 auto; }}
h1 {{ font-size: 1.8em; margin: 0; }}
h2 {{ font-size: 1.05em; margin: 0; padding: .3em .6em; background: #164278; color: #fff; }}
p {{ margin: 0; }}
.about {{ font-size: 1.1em; color: #5f5f5f; margin-bottom: .6em; }}
.emergency {{ font-size: 1.3em; font-weight: bold; background: #b01018; color: #fff; padding: .35em .7em;
  margin-bottom: .35em; }}
.facts {{ display: grid; grid-template-columns: 1fr 1fr 1fr 1fr; gap: .5em {gap}mm; margin: 0 0 1em; }}
.facts dt {{ font-size: .8em; color: #5f5f5f; }}
.facts dd {{ margin: 0; font-weight: bold; }}
.columns {{ display: flex; gap: {gap}mm; align-items: flex-start; }}
section {{ width: {column}mm; margin-bottom: .8em; }}
.row {{ display: grid; grid-template-columns: 35% 1fr; column-gap: .25em; align-items: baseline; padding: .25em 0;
  border-bottom: .15mm solid #cdcdcd; }}
.digits {{ font-size: 1.3em; font-weight: bold; }}
.lamp .digits {{ font-size: 1em; }}
.after {{ font-size: .85em; color: #5f5f5f; }}
.talk {{ display: block; font-size: .85em; font-weight: bold; color: #164278; }}
footer {{ display: flex; justify-content: space-between; border-top: .2mm solid #cdcdcd; font-size: 7.5pt;
  color: #5f5f5f; padding-top: 1mm; }}
@media screen {{ body {{ padding: {margin}mm 4mm; }} }}
@media screen and (max-width: 720px) {{ main, section {{ width: auto; }} .columns {{ display: block; }} }}
"""


def html(card: Card) -> str:
    """A whole document."""
    placed = sheet(card, _measure)
    style = _STYLE.format(size=placed.size, margin=MARGIN, inside=INSIDE, column=COLUMN, gap=GAP)
    columns = "\n".join(f"<div>\n{''.join(map(_section, column))}</div>" for column in placed.columns)
    return f"""<!DOCTYPE html>
<html lang="{escape(card.language)}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>{escape(card.title)}</title>
<style>{style}</style>
</head>
<body>
<main>
<h1>{escape(card.title)}</h1>
<p class="about">{escape(card.about)}</p>
{"".join(_emergency(card))}<dl class="facts">
{"".join(_facts(card))}</dl>
<div class="columns">
{columns}
</div>
<footer><span>{escape(card.legend)}</span><span>{escape(card.made)}</span></footer>
</main>
</body>
</html>
"""


def _emergency(card: Card) -> Iterator[str]:
    return (f'<p class="emergency">{escape(each)}</p>\n' for each in card.emergency)


def _facts(card: Card) -> Iterator[str]:
    return (f"<div><dt>{escape(what)}</dt><dd>{escape(which)}</dd></div>\n" for what, which in card.facts)


def _section(section: Section) -> str:
    return f"<section>\n<h2>{escape(section.heading)}</h2>\n{''.join(map(_row, section.rows))}</section>\n"


def _row(row: Row) -> str:
    after = f' <span class="after">{escape(row.after)}</span>' if row.after else ""
    talk = f' <span class="talk">{escape(row.talk)}</span>' if row.talk else ""
    return (f'<div class="row{" lamp" if row.lamp else ""}"><div><span class="digits">{escape(row.digits)}</span>'
            f"{after}{talk}</div><div>{escape(row.text)}</div></div>\n")


def _measure(text: str, size: float, bold: bool) -> float:
    """About as wide as browsers draw it, rather more: nobody knows here with which font."""
    return sum(map(_width, text)) * size * MM * (1.12 if bold else 1.05)


def _width(letter: str) -> float:
    if unicodedata.east_asian_width(letter) in "WF":
        return 1.0
    if letter in "iljftr.,;:'|()[]/! -":
        return 0.34
    return 0.86 if letter in "mwMW@%…—" else 0.7 if letter.isupper() else 0.56
