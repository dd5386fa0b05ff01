"""Lists inside a form: adding, removing and moving entries works without script, and saves nothing yet."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from wtforms import FieldList, Form
from wtforms.utils import unset_value

STEP: Final = "_step"
"""Name of the buttons: their value is `<what> <field> <place>`, like `up options 2`."""


_PLACE: Final = re.compile(r"[0-9]{1,4}")


class EntryList(FieldList):  # type: ignore[misc] # WTForms ships no types
    """A list of entries. Names that carry no place are not read."""

    def process(self, formdata: Any, data: Any = unset_value, extra_filters: Any = None) -> None:
        """Read what was sent, or else what is stored: a stored entry may stand at another place by now."""
        super().process(formdata, () if formdata else data, extra_filters)

    def _extract_indices(self, prefix: str, formdata: Iterable[str]) -> Iterator[int]:
        # WTForms 3.2 takes `²` for a digit, and numbers longer than `int` reads.
        places = (
            key.removeprefix(f"{prefix}-").partition("-")[0] for key in formdata if key.startswith(prefix)
        )
        return (int(place) for place in places if _PLACE.fullmatch(place))


def apply_step(form: Form, sent: Mapping[str, str]) -> bool:
    """Do what a button of an inner list asks. Gives whether one was pressed; the form is then drawn again."""
    words = sent.get(STEP, "").split()
    if len(words) < 2 or words[1] not in form or not isinstance(form[words[1]], FieldList):  # noqa: PLR2004 - two words
        return STEP in sent
    field = form[words[1]]
    if words[0] == "add":
        if field.max_entries is None or len(field.entries) < field.max_entries:
            field.append_entry()
        return True
    # Compared as text: a number of thousands of digits cannot be read.
    places = [str(index) for index in range(len(field.entries))]
    if len(words) > 2 and words[2] in places:  # noqa: PLR2004 - the third word
        _rearrange(field, words[0], places.index(words[2]))
    return True


def _rearrange(field: FieldList, what: str, place: int) -> None:
    data: list[Any] = list(field.data)
    entry = data.pop(place)
    if what == "up":
        data.insert(max(place - 1, 0), entry)
    elif what == "down":
        data.insert(place + 1, entry)
    field.process(None, data)
