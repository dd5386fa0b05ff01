"""Changes what people see of a bot at Discord, in the name of whoever asked."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from pydantic import BaseModel, ConfigDict, ValidationError
from sqlalchemy.orm import Session

from socialcube.adapters.errors import CallRefusedError, PlatformUnreachableError
from socialcube.domain.access.policy import require
from socialcube.domain.access.types import Actor, Permission, Subject
from socialcube.domain.accounts.queries import load_asker
from socialcube.domain.bots import queries as bots
from socialcube.domain.bots import service
from socialcube.domain.bots.policy import check_picture, check_profile_name, say_refusal
from socialcube.domain.bots.types import Profile, ProfileField, ProfilePicture
from socialcube.domain.jobs import queries as jobs
from socialcube.domain.jobs import service as job_service
from socialcube.domain.jobs.types import JobView
from socialcube.fleet.client import BotClient
from socialcube.kernel.errors import InvalidInputError, SocialCubeError

Result = dict[str, object]
Changes = Mapping[ProfileField, str | ProfilePicture | None]

_PICTURES: Final = (ProfileField.AVATAR, ProfileField.BANNER)


class ProfilePayload(BaseModel):
    """What is asked. The pictures themselves are the job's file, one behind the other.

    Attributes:
        name: the new name, None to leave it.
        avatar, banner: bytes of the new picture in the file; 0 takes the present one away, None leaves it.
    """

    model_config = ConfigDict(extra="forbid")

    name: str | None = None
    avatar: int | None = None
    banner: int | None = None


@dataclass(frozen=True, slots=True)
class _Asked:
    """Who asked for what, and how the bot looked then."""

    asker: Actor
    before: Profile
    changes: Changes


async def edit_profile(job: JobView, client: BotClient) -> Result:
    """Change each part by itself, so that a name that Discord refuses does not hold up a picture.

    Each part is stored as soon as Discord took it: whatever stops the rest, nobody is told that it is not so.
    Gives `done`, the parts that changed, and `problems`: why each of the others did not.

    Raises:
        UnavailableError: the bot is not connected.
        InvalidInputError, ForbiddenError, HeldError, LeaseLostError: as they say, before any part was done.
    """
    platform, bridge = client.platform, client.bridge
    asked = await bridge.read(_read_asked, job)
    done: list[str] = []
    problems: dict[str, str] = {}
    profile = asked.before
    for field, value in asked.changes.items():
        before = profile
        try:
            profile = await platform.edit_profile({field: value})
        except CallRefusedError as error:
            problems[field] = say_refusal(field, error.status, str(error.details["reason"]))
        except PlatformUnreachableError as error:
            problems[field] = f"{error.message} Save again in a minute."
        except SocialCubeError as error:
            if not done:
                raise
            problems[field] = f"{error.message} {error.remedy or 'Save again in a minute.'}"
        else:
            await bridge.write(service.note_profile_change, asked.asker, client.bot_id, before, profile)
            done.append(field)
    await bridge.write(job_service.drop_file, job.id)
    return {"done": done, "problems": problems}


async def take_interactions(job: JobView, client: BotClient) -> Result:
    """Have Discord send the bot's commands here again rather than to an address.

    Raises:
        UnavailableError: the bot is not connected.
        CallRefusedError, ForbiddenError, LeaseLostError: as they say.
    """
    asker = await client.bridge.read(_load_editor, job)
    await client.platform.take_interactions()
    await client.bridge.write(service.note_interactions_taken, asker, client.bot_id)
    return {}


def _load_editor(session: Session, job: JobView) -> Actor:
    asker = load_asker(session, job.asked_by)
    require(asker, Permission.BOT_EDIT, Subject("job", str(job.id), job.bot_id))
    return asker


def _read_asked(session: Session, job: JobView) -> _Asked:
    try:
        payload = ProfilePayload.model_validate(dict(job.payload))
    except ValidationError as error:
        raise InvalidInputError(reason=f"{error.error_count()} fields of the question are wrong") from error
    asker = _load_editor(session, job)
    bot = bots.get_bot(session, job.bot_id or "")
    return _Asked(asker, bot.profile, _read_changes(payload, b"".join(jobs.open_file(session, job.id))))


def _read_changes(payload: ProfilePayload, file: bytes) -> dict[ProfileField, str | ProfilePicture | None]:
    changes: dict[ProfileField, str | ProfilePicture | None] = {}
    if payload.name is not None:
        changes[ProfileField.NAME] = check_profile_name(payload.name)
    for field in _PICTURES:
        size = getattr(payload, field)
        if size is None:
            continue
        content, file = file[:size], file[size:]
        changes[field] = check_picture(content) if size else None
    return changes
