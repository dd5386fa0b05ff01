"""Puts the page of a command together."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from flask import render_template, request

from socialcube.domain.accounts import queries as accounts
from socialcube.domain.commands import documents, queries
from socialcube.domain.jobs import queries as jobs
from socialcube.domain.jobs.types import JobKind, JobView
from socialcube.engine.problems import Problem
from socialcube.engine.registry import ACTIONS
from socialcube.web import identity
from socialcube.web.context import services
from socialcube.web.pages.commands.finding import Opened
from socialcube.web.pages.commands.showing import options, states, trials, versions
from socialcube.web.pages.commands.showing.differences import list_changes
from socialcube.web.pages.commands.showing.editor import CONTEXTS, PERMISSIONS, view_editor
from socialcube.web.pages.commands.showing.people import list_things, mention_names
from socialcube.web.pages.commands.showing.samples import preview_messages, sample_names

PANES: Final = ("build", "preview", "try", "versions")


@dataclass(frozen=True, slots=True)
class Draft:
    """What the editor shows: the stored draft, or what somebody typed that could not be stored.

    Attributes:
        edit: of the command that the author saw.
        is_saved: whether the draft is stored as it is shown.
        problems: everything that is wrong with it, also with what is not stored.
    """

    document: Mapping[str, Any]
    edit: int
    is_saved: bool = True
    problems: tuple[Problem, ...] | None = None

    def found(self) -> list[Problem]:
        """List what is wrong."""
        return documents.check(dict(self.document)) if self.problems is None else list(self.problems)


def stored_draft(opened: Opened) -> Draft:
    """Give the draft as it is stored."""
    draft = queries.get_draft(services().session(), opened.bot.id, opened.command.name)
    return Draft(dict(draft.document), draft.edit)


def published_document(opened: Opened) -> dict[str, Any] | None:
    """Give the document that is live, None when none is."""
    number = opened.command.published_version
    if number is None:
        return None
    return queries.find_version_document(services().session(), opened.command.id, number)


def render_editor(opened: Opened, draft: Draft, *, place: str = "") -> str:
    """Draw the page.

    Args:
        opened: the command.
        draft: what the editor shows.
        place: what its author wants to see open.
    """
    session, person = services().session(), identity.person()
    published = published_document(opened)
    servers, things = list_things(session, opened.bot, person.view)
    job = asked_trial(opened)
    names = sample_names(
        draft.document,
        person=person.view.display_name,
        bot=opened.bot.name,
        server=servers[0] if servers else "Your server",
    )
    return render_template(
        "pages/command/show.html",
        opened=opened,
        command=opened.command,
        bot=opened.bot,
        draft=draft,
        editor=view_editor(draft.document, draft.found(), place),
        pane=chosen_pane(),
        state=states.say_state(opened.command),
        registration=states.say_registration(session, opened.command, opened.bot),
        changes=None if published is None else len(list_changes(published, draft.document)),
        versions=versions.list_versions(session, opened.command),
        messages=preview_messages(draft.document, names),
        trial=trials.view_trial(job) if job else None,
        names=mention_names(things),
        servers=servers,
        things=things,
        answers=trials.list_answers(job) if job else {},
        publishers=[] if opened.may_publish else accounts.list_admin_names(session),
        actions=list(ACTIONS.values()),
        option_types=options.TYPES,
        channel_types=options.ALL_CHANNEL_TYPES,
        contexts=CONTEXTS,
        permissions=PERMISSIONS,
    )


def chosen_pane() -> str:
    """Give the pane that the address asks for; the first one by itself."""
    pane = request.args.get("pane", PANES[0])
    return pane if pane in PANES else PANES[0]


def asked_trial(opened: Opened) -> JobView | None:
    """Find the dry run that the address names, if it is one of this command by this person."""
    try:
        job = jobs.find_job(services().session(), UUID(request.args.get("trial", "")))
    except ValueError:
        return None
    return job if job and is_trial_of(job, opened) else None


def is_trial_of(job: JobView, opened: Opened) -> bool:
    """Tell whether a job is a dry run of this command that this person asked for."""
    return (
        job.kind == JobKind.DRY_RUN
        and job.bot_id == opened.bot.id
        and job.asked_by == str(identity.actor())
        and job.payload.get("command") == opened.command.name
    )
