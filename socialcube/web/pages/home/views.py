"""`/admin/`: the page everybody lands on."""

from typing import Final

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from socialcube.domain.access.policy import can
from socialcube.domain.access.types import Permission
from socialcube.domain.site import service as site
from socialcube.web import guard, identity
from socialcube.web.answers import done
from socialcube.web.context import services
from socialcube.web.pages.home.fleet import COLUMNS, DEFAULT_SORT, can_sort, next_sort
from socialcube.web.pages.home.page import make_home
from socialcube.web.pages.periods import PERIODS, asked_period
from socialcube.web.shell.choice import find_choice

blueprint: Final = Blueprint("home", __name__)


@blueprint.get("/admin/")
@guard.signed_in
def show() -> ResponseReturnValue:
    """Show Home. Scripts fetch it again for its parts."""
    if not identity.person().may_something:
        return redirect(url_for("auth.no_access"))
    actor, period = identity.actor(), asked_period()
    sort = request.args.get("sort", DEFAULT_SORT)
    return render_template(
        "pages/home/show.html",
        home=make_home(services().session(), actor, find_choice(), period, sort),
        period=period,
        periods=PERIODS,
        sort=sort,
        columns=[(column, next_sort(column, sort), can_sort(column.key)) for column in COLUMNS],
        may_create=can(actor, Permission.BOT_CREATE),
        now=services().shared.clock.now(),
    )


@blueprint.post("/admin/first-steps/dismiss")
@guard.signed_in
def dismiss_first_steps() -> ResponseReturnValue:
    """Put the list of first steps away, for this person."""
    with services().unit_of_work() as uow:
        site.dismiss_first_steps(uow, identity.actor().id)
        uow.commit()
    return done("", url_for("home.show"))
