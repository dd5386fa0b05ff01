"""What the forms of a bot's looks carry: its presence, and its profile at Discord."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Self
from uuid import UUID

from flask import request
from werkzeug.datastructures import FileStorage

from socialcube.domain.bots.policy import MAX_PICTURE_BYTES, check_picture, check_profile_name
from socialcube.domain.bots.types import ActivityKind, BotView, ProfileField, ProfilePicture, Status
from socialcube.domain.jobs import queries as jobs
from socialcube.domain.jobs.types import JobKind, JobState
from socialcube.kernel.errors import InvalidInputError
from socialcube.web.context import services

STATUSES: Final = (
    (Status.ONLINE, "Online", "A green dot."),
    (Status.IDLE, "Idle", "A yellow moon."),
    (Status.BUSY, "Do not disturb", "A red sign. Commands work as ever."),
    (Status.INVISIBLE, "Invisible", "Looks offline, and works as ever."),
)
ACTIVITIES: Final = (
    (ActivityKind.PLAYING, "Playing …", "Playing"),
    (ActivityKind.LISTENING, "Listening to …", "Listening to"),
    (ActivityKind.WATCHING, "Watching …", "Watching"),
    (ActivityKind.COMPETING, "Competing in …", "Competing in"),
    (ActivityKind.CUSTOM, "Your own words", ""),
)
"""Each activity with its choice, and with what Discord puts before its text."""

PICTURES: Final = (
    (ProfileField.AVATAR, "Picture", "Square, at least 128 pixels wide."),
    (ProfileField.BANNER, "Banner", "Behind the top of its profile: 680 by 240 pixels fit best."),
)


@dataclass(frozen=True, slots=True)
class TypedPresence:
    """What stands in the form of the presence.

    Attributes:
        version: of the bot, that a save replaces.
        problem: what is wrong with it.
        is_conflict: whether somebody else saved meanwhile.
    """

    status: str
    activity: str
    text: str
    version: int
    problem: str = ""
    is_conflict: bool = False

    @classmethod
    def of(cls, bot: BotView) -> Self:
        """Take it from what is stored."""
        shown = bot.presence
        return cls(shown.status, shown.activity or "", shown.text, bot.version)

    @classmethod
    def read(cls) -> Self:
        """Take it from the request."""
        form = request.form
        return cls(
            form.get("status", ""),
            form.get("activity", ""),
            form.get("text", ""),
            form.get("version", 0, type=int),
        )

    @property
    def word(self) -> str:
        """Give the status as people call it."""
        return next((label for status, label, _ in STATUSES if status == self.status), self.status)

    @property
    def line(self) -> str:
        """Give the line that Discord shows below the name, empty for none."""
        prefixes = (prefix for kind, _, prefix in ACTIVITIES if kind == self.activity)
        return f"{next(prefixes, '')} {self.text}".strip() if self.activity else ""

    def to_document(self) -> dict[str, object]:
        """Give it as the domain checks it."""
        return {"status": self.status, "activity": self.activity or None, "text": self.text}


@dataclass(frozen=True, slots=True)
class ProfileForm:
    """What stands in the form of the profile, and what became of the last change.

    Attributes:
        problems: why a part was not taken, by its name.
        job_id: of the last change, None when the page knows of none.
        is_open: whether that is under way.
        done: the parts that the last change brought.
        failure: why nothing at all came of it.
    """

    name: str
    problems: Mapping[str, str] = field(default_factory=dict)
    job_id: UUID | None = None
    is_open: bool = False
    done: tuple[str, ...] = ()
    failure: str = ""


@dataclass(frozen=True, slots=True)
class ProfileWish:
    """What somebody wants to change of a profile. What is left alone is not in it.

    Attributes:
        pictures: None takes the present one away.
    """

    name: str | None
    pictures: Mapping[ProfileField, ProfilePicture | None]

    @property
    def is_empty(self) -> bool:
        """Tell whether there is nothing to do."""
        return self.name is None and not self.pictures


def find_profile(bot: BotView, job_id: UUID | None) -> ProfileForm:
    """Give the form with what is stored, and how far the change of this job is."""
    job = jobs.find_job(services().session(), job_id) if job_id else None
    name = bot.profile.name
    if job is None or job.bot_id != bot.id or job.kind != JobKind.EDIT_PROFILE:
        return ProfileForm(name)
    typed = str(job.payload.get("name") or name)
    if not job.state.is_end:
        return ProfileForm(typed, job_id=job.id, is_open=True)
    if job.state is not JobState.DONE or job.result is None:
        return ProfileForm(name, job_id=job.id, failure=job.problem)
    done, problems = job.result.get("done"), job.result.get("problems")
    said = {str(key): str(text) for key, text in problems.items()} if isinstance(problems, dict) else {}
    return ProfileForm(
        # Once a name was taken, the address of its change must not bring it back over a later one.
        typed if ProfileField.NAME in said else name,
        said,
        job_id=job.id,
        done=tuple(map(str, done)) if isinstance(done, list) else (),
    )


def read_profile(bot: BotView) -> tuple[ProfileWish, dict[str, str]]:
    """Read what is wanted, and what is wrong with it by the name of the field."""
    problems: dict[str, str] = {}
    name = request.form.get("name", "").strip()
    new_name = None
    if name != bot.profile.name:
        try:
            new_name = check_profile_name(name)
        except InvalidInputError as error:
            problems[ProfileField.NAME] = f"{error.message} {error.remedy}"
    pictures: dict[ProfileField, ProfilePicture | None] = {}
    for part, _, _ in PICTURES:
        try:
            pictures |= _read_picture(part)
        except InvalidInputError as error:
            problems[part] = f"{error.message} {error.remedy}"
    return ProfileWish(new_name, pictures), problems


def _read_picture(part: ProfileField) -> dict[ProfileField, ProfilePicture | None]:
    file = request.files.get(part)
    if file is not None and file.filename:
        return {part: check_picture(_read_bounded(file))}
    return {part: None} if f"{part}_away" in request.form else {}


def _read_bounded(file: FileStorage) -> bytes:
    # One byte more than allowed is enough to refuse it.
    return file.stream.read(MAX_PICTURE_BYTES + 1)
