"""What a view lets be done with its rows, and which permission each of it needs."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from socialcube.domain.access.types import Permission


class Operation(StrEnum):
    """One kind of thing that can be done with the rows of a view."""

    VIEW = "view"
    CREATE = "create"
    EDIT = "edit"
    DELETE = "delete"
    EXPORT = "export"


@dataclass(frozen=True, slots=True)
class Needs:
    """The permission that each operation needs. An operation without one does not exist in the view."""

    view: Permission
    create: Permission | None = None
    edit: Permission | None = None
    delete: Permission | None = None
    export: Permission | None = None

    def of(self, operation: Operation) -> Permission | None:
        """Give the permission of an operation, None when the view has no such operation."""
        permissions: dict[Operation, Permission | None] = {
            Operation.VIEW: self.view,
            Operation.CREATE: self.create,
            Operation.EDIT: self.edit,
            Operation.DELETE: self.delete,
            Operation.EXPORT: self.export,
        }
        return permissions[operation]


ENDPOINTS: Final[Mapping[str, Operation]] = MappingProxyType(
    {
        "index_view": Operation.VIEW,
        "details_view": Operation.VIEW,
        "action_view": Operation.VIEW,
        "ajax_lookup": Operation.VIEW,
        "create_view": Operation.CREATE,
        "edit_view": Operation.EDIT,
        "delete_view": Operation.DELETE,
        "export": Operation.EXPORT,
    }
)
"""The operation behind each of Flask-Admin's endpoints. Actions and look-ups ask for more by themselves."""
