"""Offers the code that makes the first owner of a site."""

from socialcube.domain.access.types import Actor
from socialcube.domain.accounts import service
from socialcube.web.context import services, settings


def offer_setup_code(who: Actor) -> str | None:
    """Make a setup code, and say in one line what to do with it. None when the site has an owner."""
    with services().unit_of_work() as uow:
        code = service.make_setup_code(uow, who)
        uow.commit()
    if code is None:
        return None
    address = f"{settings().web.public_url}/setup"
    return f"Nobody owns this site yet: open {address} within 24 hours and type the code {code.reveal()}"
