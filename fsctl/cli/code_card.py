"""``fsctl codes --card``: the card for beside the phone, printed or written to a file."""

from pathlib import Path

import click

from fsctl import clock
from fsctl.card.content import card
from fsctl.card.html import html
from fsctl.card.pdf import pdf
from fsctl.cli import local_time, whole_files
from fsctl.cli.output import writes_unicode
from fsctl.model.office import Office
from fsctl.model.sections import User
from fsctl.words import say


def make(office: Office, user: User | None, output: Path | None) -> None:
    """What kind of file it is to be is said by its name."""
    kind = output.suffix.lower() if output else ".html"
    if kind not in (".pdf", ".html", ".htm"):
        raise click.UsageError(say("{file}: name a file that ends with .pdf or .html", file=output))
    zone = local_time.of_site(user.site if user else None, office)
    made = card(office, user, clock.now().astimezone(zone).date())
    if output is None:
        text = html(made)
        click.echo(text if writes_unicode() else text.encode("ascii", "xmlcharrefreplace").decode(), nl=False)
        return
    content = pdf(made) if kind == ".pdf" else html(made).encode()
    whole_files.write({output: [content]}, say("name another file with --output"), mode=0o666)
