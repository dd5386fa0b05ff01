"""The page `/account`, and what can be changed there."""

from typing import Final
from uuid import UUID

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from socialcube.domain.access.policy import can_anywhere
from socialcube.domain.access.types import Permission
from socialcube.domain.accounts import queries, service
from socialcube.domain.accounts.errors import InvalidPreferencesError, SessionNotFoundError
from socialcube.domain.accounts.types import Preferences, Theme
from socialcube.domain.guilds.policy import LOCALES, list_time_zones
from socialcube.web import guard, identity
from socialcube.web.answers import back_to, done
from socialcube.web.auth import entering
from socialcube.web.context import services
from socialcube.web.pages.account.access import list_held
from socialcube.web.paths import page_before

blueprint: Final = Blueprint("account", __name__, url_prefix="/account")


@blueprint.get("")
@guard.signed_in
def show() -> str:
    """Show who the person is here."""
    person, session = identity.person(), services().session()
    return render_template(
        "account/show.html",
        sessions=queries.list_sessions(session, person.view.id, services().shared.clock.now()),
        held=list_held(session, person.view.id),
        locales=LOCALES,
        time_zones=list_time_zones(),
        themes=Theme,
    )


@blueprint.post("/preferences")
@guard.signed_in
@back_to("account.show")
def save_preferences() -> ResponseReturnValue:
    """Keep how the person wants the panel."""
    form = request.form
    wanted = Preferences(
        theme=_read_theme(form.get("theme", "")),
        locale=form.get("locale", ""),
        time_zone=form.get("time_zone", ""),
    )
    with services().unit_of_work() as uow:
        service.save_preferences(uow, identity.person().view.id, wanted)
        uow.commit()
    return done("Saved.", url_for("account.show"))


@blueprint.post("/sessions/<uuid:session_id>/end")
@guard.signed_in
def end_session(session_id: UUID) -> ResponseReturnValue:
    """Sign a browser out: one of the person's own, or anybody's for who manages the site.

    Raises:
        SessionNotFoundError: it is over, or somebody else's; both look alike.
    """
    person = identity.person()
    if session_id == person.session.id:
        entering.leave()
        return done("", url_for("auth.sign_in", out=1))
    now = services().shared.clock.now()
    with services().unit_of_work() as uow:
        own = {row.id for row in queries.list_sessions(uow.session, person.view.id, now)}
        may = session_id in own or can_anywhere(person.actor, Permission.SITE_ADMIN)
        if not may or not service.end_session(uow, person.actor, session_id):
            raise SessionNotFoundError
        uow.commit()
    return done("That browser is signed out.", page_before(url_for("account.show")))


@blueprint.post("/sessions/end-others")
@guard.signed_in
def end_others() -> ResponseReturnValue:
    """Sign the person out everywhere but here."""
    person = identity.person()
    with services().unit_of_work() as uow:
        ended = service.end_other_sessions(uow, person.actor, person.session.id)
        uow.commit()
    words = "You were signed in nowhere else." if ended == 0 else "You are signed in here alone now."
    return done(words, url_for("account.show"))


def _read_theme(text: str) -> Theme:
    try:
        return Theme(text)
    except ValueError as error:
        raise InvalidPreferencesError(kind="theme", value=text[:20]) from error
