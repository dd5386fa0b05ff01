"""Writes of generated forms: one service call in one unit of work, its refusal told at the field."""

from collections.abc import Callable, Mapping
from typing import Any, ClassVar

from socialcube.db.unit_of_work import UnitOfWork
from socialcube.domain.access.types import Actor
from socialcube.kernel.errors import (
    ConflictError,
    InvalidInputError,
    SocialCubeError,
    UnavailableError,
    VersionConflictError,
)
from socialcube.web import identity
from socialcube.web.admin.forms.base import PanelForm
from socialcube.web.context import services

REFUSALS = (InvalidInputError, ConflictError, UnavailableError)
"""What a person can do something about in the form. Anything else is a page of its own."""


class FormWrites:
    """Mixin: hands what was typed to services. A view says which.

    Attributes:
        error_fields: the field that a refusal is about, by the class of the refusal.
    """

    error_fields: ClassVar[Mapping[type[SocialCubeError], str]] = {}

    def create(self, uow: UnitOfWork, actor: Actor, values: dict[str, Any]) -> object:
        """Make a row by a service and give its key."""
        raise NotImplementedError

    def change(self, uow: UnitOfWork, actor: Actor, row: Any, values: dict[str, Any], version: int) -> None:
        """Change a row by a service."""
        raise NotImplementedError

    def remove(self, uow: UnitOfWork, actor: Actor, row: Any) -> None:
        """Take a row away by a service."""
        raise NotImplementedError

    def create_model(self, form: PanelForm) -> object | None:
        """Make a row. Gives its key, None when it was refused and the form says why."""
        key: object | None = self._write(form, lambda uow: self.create(uow, identity.actor(), form.values()))
        return key

    def update_model(self, form: PanelForm, model: Any) -> bool:
        """Change a row. Gives whether it was, else the form says why not.

        Raises:
            VersionConflictError: somebody else changed it since the form was drawn.
        """

        def change(uow: UnitOfWork) -> bool:
            self.change(uow, identity.actor(), model, form.values(), form.seen_version())
            return True

        return bool(self._write(form, change))

    def delete_model(self, model: Any, form: PanelForm | None = None) -> bool:
        """Take a row away. Gives whether it went."""

        def remove(uow: UnitOfWork) -> bool:
            self.remove(uow, identity.actor(), model)
            return True

        return bool(self._write(form or PanelForm(), remove))

    def _write(self, form: PanelForm, work: Callable[[UnitOfWork], Any]) -> Any:
        try:
            with services().unit_of_work() as uow:
                result = work(uow)
                uow.commit()
        except VersionConflictError:
            raise
        except REFUSALS as error:
            self._tell(form, error)
            return None
        return result

    def tell(self, form: PanelForm, error: Exception) -> bool:  # noqa: ARG002 - a view's may look at both
        """Put a refusal at its fields when it names several. Gives whether that was done."""
        return False

    def _tell(self, form: PanelForm, error: SocialCubeError) -> None:
        if self.tell(form, error):
            return
        name = next((field for kind, field in self.error_fields.items() if isinstance(error, kind)), "")
        sentence = f"{error.message} {error.remedy}".strip()
        if name in form:
            form[name].errors = [*form[name].errors, sentence]
        else:
            form.problems.append(sentence)
