"""The pages around the sign-in. They need no sidebar: whoever sees them has nowhere else to go yet."""

from typing import Final

from flask import Blueprint, redirect, render_template, request, url_for
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.wrappers import Response

from socialcube import __version__
from socialcube.domain.accounts import queries as accounts
from socialcube.domain.accounts import service
from socialcube.domain.accounts.errors import CodeRefusedError
from socialcube.kernel.errors import SocialCubeError
from socialcube.web import guard, identity
from socialcube.web.auth import entering, limits, problems
from socialcube.web.context import request_id, services, settings
from socialcube.web.errors import status_of
from socialcube.web.paths import local_path

HOME: Final = "/admin/"

blueprint: Final = Blueprint("auth", __name__)
blueprint.register_error_handler(SocialCubeError, problems.show)


@blueprint.get("/")
@guard.public
def front() -> Response:
    """Lead people to where they can go on."""
    person = identity.find_person()
    if person is None:
        return redirect(url_for("auth.sign_in"))
    if person.may_something:
        return redirect(HOME)
    return redirect(url_for("auth.no_access" if _has_admin() else "auth.setup"))


@blueprint.get("/login")
@guard.public
def sign_in() -> Response | str:
    """Show the door, and what is behind it. It tells strangers nothing about bots."""
    wanted = local_path(request.args.get("next"))
    if identity.find_person() is not None:
        return redirect(wanted or url_for("auth.front"))
    return render_template(
        "auth/login.html",
        wanted=wanted,
        is_configured=bool(settings().discord.client_id),
        is_out="out" in request.args,
        needs_owner=not _has_admin(),
        **place(),
    )


@blueprint.post("/logout")
@guard.public
def sign_out() -> Response:
    """Sign out this browser. Doing so twice is harmless."""
    entering.leave()
    return redirect(url_for("auth.sign_in", out=1))


@blueprint.get("/setup")
@guard.signed_in
def setup() -> Response | str | tuple[str, int]:
    """Ask for the setup code, while nobody owns this site."""
    if _has_admin():
        return redirect(url_for("auth.front"))
    return _setup_page()


@blueprint.post("/setup")
@guard.signed_in
def use_setup_code() -> Response | tuple[str, int]:
    """Make the person owner of this site, whose code it is."""
    limits.by_address(limits.SETUP_BY_ADDRESS)
    limits.by_person(limits.SETUP_BY_PERSON)
    user_id = identity.person().view.id
    try:
        with services().unit_of_work() as uow:
            service.use_setup_code(
                uow,
                user_id,
                request.form.get("code", ""),
                address=request.remote_addr or "",
                request_id=request_id(),
            )
            token, row = entering.open_session(uow, user_id)
            uow.commit()
    except CodeRefusedError as error:
        return _setup_page(error)
    entering.enter(token, row)
    return redirect(url_for("auth.front"))


@blueprint.get("/login/link/<code>")
@guard.public
def login_link(code: str) -> str:
    """Ask before a link is used up: programs that preview links open them too."""
    return render_template("auth/login_link.html", code=code, **place())


@blueprint.post("/login/link/<code>")
@guard.public
def use_login_link(code: str) -> Response:
    """Sign in whom the link was made for."""
    limits.by_address(limits.LINK)
    with services().unit_of_work() as uow:
        user = service.use_login_link(uow, code, address=request.remote_addr or "", request_id=request_id())
        token, row = entering.open_session(uow, user.id)
        uow.commit()
    entering.enter(token, row)
    return redirect(url_for("auth.front"))


@blueprint.get("/no-access")
@guard.signed_in
def no_access() -> Response | str:
    """Say whom to ask when nothing was granted yet."""
    person = identity.person()
    if person.may_something:
        return redirect(HOME)
    owners = accounts.list_admin_names(services().session())
    return render_template("auth/no_access.html", person=person, owners=owners, **place())


def place() -> dict[str, object]:
    """Give what every page here says about the place."""
    sandbox = settings().sandbox
    return {
        "version": __version__,
        "chat_url": f"http://{sandbox.host}:{sandbox.port}/chat" if sandbox else None,
    }


def _setup_page(error: SocialCubeError | None = None) -> tuple[str, int]:
    page = render_template("auth/setup.html", person=identity.person(), error=error, **place())
    return page, status_of(error) if error else 200


def _has_admin() -> bool:
    """Tell whether somebody owns this site. Without a database nobody can tell, and nobody can set it up."""
    try:
        return accounts.has_admin(services().session())
    except SQLAlchemyError:
        return True
