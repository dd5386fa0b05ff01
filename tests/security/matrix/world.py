"""What stands in the database: two bots with all that can belong to one, and what belongs to the site."""

import itertools
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import select

from socialcube.db.unit_of_work import UnitOfWork
from socialcube.domain.access.types import Actor, Permission
from socialcube.domain.accounts import service as accounts
from socialcube.domain.accounts.types import Profile
from socialcube.domain.api_keys.models import ApiKey
from socialcube.domain.api_keys.policy import writing
from socialcube.domain.audit.models import AuditLog
from socialcube.domain.bots import service as bots
from socialcube.domain.bots.models import BotTag
from socialcube.domain.bots.types import GatewayState
from socialcube.domain.commands import policy
from socialcube.domain.commands import service as commands
from socialcube.domain.commands.queries import get_draft
from socialcube.domain.guilds import service as guilds
from socialcube.domain.jobs.models import JobFile
from socialcube.domain.jobs.types import JobKind, JobState, fleet_target
from socialcube.domain.logs.models import BotLog, CommandLog, ErrorLog, RequestLog
from socialcube.kernel.ids import new_id
from tests.factories.alerts import store_alert, store_channel
from tests.factories.bot_secrets import store_secret
from tests.factories.bots import make_bot
from tests.factories.commands import make_desired, make_document, make_reply_step
from tests.factories.guilds import make_field, make_guild
from tests.factories.jobs import make_job
from tests.factories.logs import make_bot_log, make_command_log, make_error_log, make_request_log
from tests.fakes.clock import START
from tests.fakes.sealing import FakeSealer
from tests.security.matrix.model import ABSENT, CROSSED, FOREIGN, LOST, NOTHING, OWN
from tests.unit.web.conftest import Site

WORDS: Final = {OWN: "heron", FOREIGN: "zebra", ABSENT: "quagga"}
"""All names of a thing begin with its word, so that a body betrays whose they are."""

TAG: Final = "of-both"
"""A tag that both bots have: whoever may start and stop one of them changes that one by it."""

VIEWER_ID: Final = str(UUID(int=5))
_ROOT: Final = Actor.system("tests")
_external_ids: Final = itertools.count(7_000_001)


@dataclass(frozen=True)
class World:
    """The things, by the name of the object in a cell.

    Attributes:
        words: what `$name` in a row stands for.
        mine: what differs for each person, by the person's name and the object.
    """

    words: Mapping[str, Mapping[str, str]]
    mine: dict[str, Mapping[str, Mapping[str, str]]] = field(default_factory=dict)

    def words_of(self, thing: str, person: str, parent: str) -> dict[str, str]:
        """Give what the names stand for when a person asks for a thing, under a parent if it has one."""
        mine = self.mine.get(person, {})
        if thing in {CROSSED, LOST}:
            other = self.words[FOREIGN if thing == CROSSED else ABSENT]
            return {**other, parent: self.words[OWN][parent]}
        thing = OWN if thing == NOTHING else thing
        return {**self.words[thing], **mine.get(thing, {})}


def furnish(site: Site) -> World:
    """Store everything."""
    words = {thing: _store(site, WORDS[thing]) for thing in (OWN, FOREIGN)}
    shared = _store_site(site)
    absent = {name: _unlike(name, value) for name, value in words[OWN].items()}
    nowhere = {name: _unlike(name, value) for name, value in shared.items()}
    return World(
        {
            OWN: words[OWN] | shared,
            FOREIGN: words[FOREIGN] | shared,
            ABSENT: absent | nowhere | {"word": WORDS[ABSENT], "secret_name": f"{WORDS[ABSENT]}_token"},
        }
    )


def delete_the_gone(site: Site, world: World) -> None:
    """Delete the bots that were deleted, once everybody has a role on them."""
    with site.unit() as uow:
        for thing in (OWN, FOREIGN):
            bots.delete_bot(uow, _ROOT, UUID(world.words[thing]["gone_id"]))
        uow.commit()


def give_export(site: Site, user_id: UUID, bot_id: str) -> dict[str, str]:
    """Store a file that somebody asked for and got, with the rows of one bot."""
    scope = {"is_all": False, "bot_ids": [bot_id]}
    return {"export_id": _store_export(site, f"user:{user_id}", scope)}


def store_key(
    site: Site, uow: UnitOfWork, user_id: UUID, scopes: Iterable[Permission] = Permission, **changes: Any
) -> tuple[str, str]:
    """Store a key whose scopes nobody checked, so that its maker's rights must be. Gives id and text."""
    public_id = writing.make_public_id()
    key = writing.make_key(public_id).reveal()
    facts: dict[str, Any] = {"expires_at": site.clock.now() + timedelta(days=1)}
    row = ApiKey(
        id=new_id(),
        public_id=public_id,
        name=f"key-{public_id}",
        user_id=user_id,
        scopes=sorted(scopes),
        digest=writing.digest(site.services.keys.peppers, key),
        created_at=site.clock.now(),
        places=["127.0.0.1"],
        last_used_at=site.clock.now(),
        **(facts | changes),
    )
    uow.session.add(row)
    uow.session.flush()
    return str(row.id), key


def _store(site: Site, word: str) -> dict[str, str]:
    """Store a bot and what belongs to it. Gives what `$name` stands for."""
    with site.unit() as uow:
        bot = make_bot(
            uow.session,
            name=f"{word}-bot",
            description=f"{word}-bot",
            sealed_token=f"{word}-sealed-token",
            state={"guild_count": 1, "gateway": GatewayState.CONNECTED},
            tags=[BotTag(tag=TAG)],
        )
        member = accounts.sign_in(uow, Profile(next(_external_ids), f"{word}-member", f"{word}-member"))
        grant_id = accounts.grant_role(uow, _ROOT, user_id=member.id, role_id=UUID(VIEWER_ID), bot_id=bot.id)
        guild = make_guild(name=f"{word}-guild", external_id=next(_external_ids))
        guild_id = guilds.sync_guild(uow, bot.id, "discord", guild)
        guilds.define_fields(uow, _ROOT, bot.id, version=0, fields=[make_field(label=f"{word}-field")])
        command_id, edit = _store_command(uow, bot.id, f"{word}-cmd")
        jobs = {
            "trial_id": make_job(
                uow.session, bot_id=bot.id, asked_by=str(_ROOT), payload={"command": f"{word}-cmd"}
            ),
            "sight_id": make_job(
                uow.session,
                kind=JobKind.SET_INTENTS,
                target=fleet_target(bot.id),
                bot_id=bot.id,
                state=JobState.DONE,
                payload={"intents": 2},
                result={"intents": 2},
                finished_at=START,
            ),
        }
        plan = policy.plan([make_desired(f"{word}-cmd")], [], [])
        commands.note_look(uow, bot.id, plan)
        gone = make_bot(uow.session, name=f"{word}-bot-gone")
        alert_id = store_alert(uow.session, bot.id, bot_name=f"{word}-bot").id
        target = f"https://discord.com/api/v10/webhooks/1/{word}-sealed-address-of-a-channel"
        channel = store_channel(
            uow.session, site.services.addresses, bot.id, name=f"{word}-alert", target=target
        )
        store_secret(uow.session, FakeSealer(), bot.id, f"{word}_token")
        group_id = accounts.create_group(uow, _ROOT, name=f"{word}-group", bot_ids=[bot.id])
        viewer = UUID(VIEWER_ID)
        found: dict[str, object] = {
            "seen": policy.digest_of_plan(plan),
            "gone_id": gone.id,
            "alert_id": alert_id,
            "channel_id": channel.id,
            "group_id": group_id,
            "group_grant_id": accounts.grant_role(
                uow, _ROOT, user_id=member.id, group_id=group_id, role_id=viewer
            ),
            "group_invite_id": accounts.make_invite(uow, _ROOT, group_id=group_id, role_id=viewer).id,
            "key_id": store_key(site, uow, member.id)[0],
            "invite_id": accounts.make_invite(uow, _ROOT, bot_id=bot.id, role_id=viewer).id,
            "session_id": accounts.open_session(uow, member.id, token_hash=f"{word}-sealed-hash").id,
        }
        uow.commit()
        found |= {
            "bot_id": bot.id,
            "member_id": member.id,
            "grant_id": grant_id,
            "guild_id": guild_id,
            "guild": guild.external_id,
            "command_id": command_id,
            "edit": edit,
            **{name: job.id for name, job in jobs.items()},
            "own_trial_id": jobs["trial_id"].id,
        }
    found["secret_name"] = f"{word}_token"
    logged = _store_logs(site, bot.id, word)
    scope = {"is_all": False, "bot_ids": [str(bot.id)]}
    export = {"export_id": _store_export(site, f"user:{member.id}", scope)}
    return {"word": word} | {name: str(value) for name, value in found.items()} | logged | export


def _store_command(uow: UnitOfWork, bot_id: UUID, name: str) -> tuple[UUID, int]:
    """Store a command with two versions and a draft that is newer. Gives its key and its edit."""
    document = make_document(name=name, description=name)
    command_id = commands.create_draft(uow, _ROOT, bot_id, document)
    for text in ("second", "third"):
        commands.publish(uow, _ROOT, bot_id, name)
        edit = get_draft(uow.session, bot_id, name).edit
        changed = make_document(name=name, description=name, steps=[make_reply_step(text)])
        commands.save_draft(uow, _ROOT, bot_id, name, changed, edit=edit)
    return command_id, get_draft(uow.session, bot_id, name).edit


def log_again(site: Site, words: Mapping[str, str]) -> None:
    """Log something new of a bot, and of the site."""
    bot_id, word = UUID(words["bot_id"]), words["word"]
    _write(
        site,
        make_command_log(bot_id=bot_id, command_name=f"{word}-run", user_name=f"{word}-run", command_id=None),
        make_bot_log(bot_id=bot_id, message=f"{word}-log"),
        make_error_log(bot_id=bot_id, message=f"{word}-err"),
        make_request_log(path="/site-request"),
    )


def _store_logs(site: Site, bot_id: UUID, word: str) -> dict[str, str]:
    run_id, event_id, error_id = new_id(), new_id(), new_id()
    _write(
        site,
        make_command_log(
            event_id=run_id,
            bot_id=bot_id,
            command_name=f"{word}-run",
            guild_name=f"{word}-run",
            user_name=f"{word}-run",
            command_id=None,
        ),
        make_bot_log(event_id=event_id, bot_id=bot_id, message=f"{word}-log"),
        make_error_log(event_id=error_id, bot_id=bot_id, message=f"{word}-err"),
    )
    with site.unit() as uow:
        ids = {
            name: uow.session.scalars(select(table.id).where(table.bot_id == bot_id)).one()
            for name, table in (("run_row", CommandLog), ("log_row", BotLog), ("error_row", ErrorLog))
        }
    keys = {"run_id": run_id, "event_id": event_id, "error_id": error_id}
    return {name: str(value) for name, value in (ids | keys).items()}


def _store_site(site: Site) -> dict[str, str]:
    """Store what belongs to no bot."""
    request_id = new_id()
    _write(site, make_request_log(event_id=request_id, path="/site-request"))
    with site.unit() as uow:
        role_id = accounts.create_role(uow, _ROOT, name="site-role", permissions=[Permission.BOT_VIEW])
        spare_group = accounts.create_group(uow, _ROOT, name="site-group")
        person, spare = (
            accounts.invite_person(uow, _ROOT, next(_external_ids), name=name)
            for name in ("site-person", "site-spare")
        )
        uow.commit()
        request_row = uow.session.scalars(select(RequestLog.id)).first()
        audit_row = uow.session.scalars(select(AuditLog.id).order_by(AuditLog.id)).first()
    return {
        "role_id": str(role_id),
        "person_id": str(person.id),
        "spare_id": str(spare.id),
        "viewer_role": VIEWER_ID,
        "spare_group_id": str(spare_group),
        "request_id": str(request_id),
        "request_row": str(request_row),
        "audit_row": str(audit_row),
    }


def _store_export(site: Site, asked_by: str, scope: Mapping[str, object]) -> str:
    said = {"name": "bots.csv", "bytes": 4, "rows": 1, "scope": dict(scope)}
    with site.unit() as uow:
        job = make_job(
            uow.session,
            kind=JobKind.EXPORT,
            state=JobState.DONE,
            asked_by=asked_by,
            payload={"source": "bots"},
            result=said,
            finished_at=site.clock.now(),
        )
        uow.session.add(JobFile(job_id=job.id, number=0, data=b"name"))
        uow.commit()
        return str(job.id)


def _write(site: Site, *records: Any) -> None:
    sink = site.services.shared.make_sink()
    sink.start()
    for record in records:
        sink.put(record)
    sink.close()


def _unlike(name: str, value: str) -> str:
    """Give a value of the same shape that nothing has."""
    if name in _KEPT:
        return value
    return str(new_id()) if "-" in value else str(int(value) + 1_000_000)


_KEPT: Final = frozenset({"edit", "seen", "word", "spare_id", "viewer_role", "secret_name"})
