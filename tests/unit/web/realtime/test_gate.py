from uuid import UUID

from socialcube.domain.access.types import Permission
from socialcube.web.realtime.gate import Gate, Standing
from socialcube.web.realtime.viewers import Viewer, Viewers
from tests.factories.access import make_actor, make_owner
from tests.factories.logs import BOT
from tests.fakes.realtime import FakeStandings, make_viewer


class Watched:
    """A gate before one viewer."""

    def __init__(self, viewer: Viewer) -> None:
        self.viewers, self.standings = Viewers(), FakeStandings()
        self.viewers.add(viewer)
        self.viewer = viewer
        self.ended: list[str] = []
        self.changed: list[Viewer] = []
        self.gate = Gate(
            self.viewers,
            self.standings,
            on_ended=lambda viewer: self.ended.append(viewer.sid),
            on_changed=self.changed.append,
        )

    def stand(self, *session_ids: UUID, **held: object) -> None:
        actor = make_actor(*held.get("permissions", ()))  # type: ignore[misc] # a tuple of permissions
        self.standings.standings[self.viewer.user_id] = Standing(frozenset(session_ids), actor)


def test_whoever_stands_as_before_stays() -> None:
    watched = Watched(make_viewer("a", make_actor(Permission.LOG_VIEW)))
    watched.stand(watched.viewer.session_id, permissions=(Permission.LOG_VIEW,))
    watched.gate.step()
    assert (watched.ended, watched.changed) == ([], [])


def test_a_signed_out_browser_must_go_and_another_one_of_the_person_does_not_help() -> None:
    watched = Watched(make_viewer("a", make_owner()))
    watched.stand(UUID(int=7), permissions=tuple(Permission))
    watched.gate.step()
    assert watched.ended == ["a"]


def test_changed_rights_are_noted_once() -> None:
    watched = Watched(make_viewer("a", make_actor(Permission.LOG_VIEW, bot_id=BOT)))
    watched.stand(watched.viewer.session_id)
    watched.gate.step()
    watched.gate.step()
    assert [viewer.actor.bot_permissions for viewer in watched.changed] == [{}]
    assert watched.ended == []


def test_nobody_connected_means_nobody_is_looked_up() -> None:
    watched = Watched(make_viewer("a", make_owner()))
    watched.viewers.remove("a")
    assert watched.gate.step() is False
