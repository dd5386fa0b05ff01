"""The consent page and the page that says why there is none."""

from collections.abc import Iterable
from html import escape
from pathlib import Path
from string import Template
from typing import Final

from socialcube.sandbox.world.records import Application, User

# What each scope means to the person who is asked (Discord docs, "OAuth2" > "Scopes").
SCOPES: Final = {
    "identify": "see your name and picture",
    "guilds": "see which servers you are in",
    "email": "see your e-mail address",
}

_HERE: Final = Path(__file__).parent
_PAGE: Final = Template((_HERE / "page.html").read_text())
STYLE: Final = (_HERE / "page.css").read_text()


def consent(application: Application, scopes: Iterable[str], people: Iterable[User], ticket: str) -> str:
    """Give the page on which a demo person is chosen; each is one button of one form."""
    wishes = "".join(f"<li>{escape(SCOPES[scope])}</li>" for scope in scopes)
    buttons = "".join(f"<li>{_button(person)}</li>" for person in people)
    content = (
        f"<h1>{escape(application.name)} wants to know you</h1>"
        f'<p class="soft">It would like to:</p><ul>{wishes}</ul>'
        '<form method="post" action="/oauth2/authorize">'
        f'<input type="hidden" name="ticket" value="{escape(ticket)}">'
        f'<h2>Who are you today?</h2><ul class="people">{buttons}</ul>'
        '<button class="quiet" name="person" value="">Cancel</button></form>'
    )
    return _PAGE.substitute(title=f"Sign in to {escape(application.name)}", content=content)


def refusal(reason: str, remedy: str) -> str:
    """Give the page for a request that cannot be sent back to the application that made it."""
    content = f'<h1>This sign-in cannot go on</h1><p>{escape(reason)}</p><p class="soft">{escape(remedy)}</p>'
    return _PAGE.substitute(title="Sign-in stopped", content=content)


def _button(person: User) -> str:
    name = escape(person.global_name or person.username)
    return (
        f'<button class="person" name="person" value="{person.id}">'
        f'<span class="face" aria-hidden="true">{name[:1]}</span>'
        f"<span><strong>{name}</strong><small>@{escape(person.username)}</small></span>"
        f'<span class="part">{escape(person.part)}</span></button>'
    )
