"""Every topic of the live channel, for everybody: who may watch it, and whose rows come."""

from collections.abc import Iterable

import pytest

from socialcube.domain.accounts import queries
from socialcube.kernel.errors import SocialCubeError
from socialcube.kernel.ids import new_id
from socialcube.web.realtime import live
from socialcube.web.realtime.live import LiveChannel
from socialcube.web.realtime.viewers import Viewer
from tests.fakes.realtime import FakeSender
from tests.security.matrix.conftest import Matrix
from tests.security.matrix.holders import all_but, exactly, holders_of
from tests.security.matrix.markers import unseemly
from tests.security.matrix.model import ABSENT, FOREIGN, OWN, Answer, Holder, Row
from tests.security.matrix.table import SOCKETS, TABLE
from tests.security.matrix.world import log_again

UNSEEN = "unseen_topic"


@pytest.mark.parametrize("row", SOCKETS, ids=lambda row: row.title)
def test_asvs_8_2_2_everybody_hears_what_the_table_says(matrix: Matrix, row: Row) -> None:
    sender = FakeSender()
    channel = live.build(matrix.site.services.shared, sender, lambda _: None)
    watching = {}
    failures = []
    for holder in _holders_of(row):
        answers = {thing: _watch(matrix, channel, row, holder, thing) for thing in row.things(holder)}
        for thing, came in answers.items():
            expected = row.expect(holder, thing)
            if (came == "ok") != (expected is Answer.OPEN):
                failures.append(f"{row.title} · {holder.name} · {thing}: expected {expected}, got {came}")
            elif came not in {"ok", UNSEEN}:
                failures.append(f"{row.title} · {holder.name} · {thing}: was refused as {came}")
            watching[_sid(holder, thing)] = holder
    _let_something_happen(matrix, channel)
    for sid, event, data in sender.sent:
        failures += [
            f"{row.title} · {sid}: {event} names {word}" for word in unseemly(str(data), watching[sid])
        ]
    if row.rule.startswith("rows:"):
        failures += _list_deaf(row, sender, watching)
    assert not failures, "\n" + "\n".join(failures)


def test_every_feed_has_its_row(matrix: Matrix) -> None:
    channel = live.build(matrix.site.services.shared, FakeSender(), lambda _: None)
    assert {row.rule.partition(":")[0] for row in SOCKETS} == set(channel.hub._feeds)


def _watch(matrix: Matrix, channel: LiveChannel, row: Row, holder: Holder, thing: str) -> str:
    """Let somebody watch. Gives `ok`, or why not."""
    user_id = matrix.people[holder.name].user.id
    with matrix.site.services.shared.reads() as session:
        actor = queries.load_actor(session, user_id)
    sid, words = _sid(holder, thing), matrix.world.words_of(thing, holder.name, row.parent())
    channel.hub.enter(Viewer(sid=sid, session_id=new_id(), user_id=user_id, actor=actor))
    topic, _, query = row.path(words, thing).partition("?")
    options = dict(part.split("=") for part in query.split("&") if part)
    try:
        channel.hub.watch(sid, "w", topic, options)
    except SocialCubeError as error:
        return error.code
    return "ok"


def _let_something_happen(matrix: Matrix, channel: LiveChannel) -> None:
    for thing in (OWN, FOREIGN):
        log_again(matrix.site, matrix.world.words[thing])
    for loop in channel.loops:
        loop._step()
    matrix.snapshot.changes()


def _list_deaf(row: Row, sender: FakeSender, watching: dict[str, Holder]) -> Iterable[str]:
    """List those who should hear a row of their own bot, and do not."""
    for sid, holder in watching.items():
        name, thing = sid.split(" · ")
        is_due = thing != ABSENT and row.expect(holder, thing) is Answer.OPEN and holder.holds(row.needs, OWN)
        if is_due and thing != FOREIGN and not sender.heard_by(sid, "rows"):
            yield f"{row.title} · {name} · {thing}: heard nothing"


def _holders_of(row: Row) -> list[Holder]:
    known = {holder.name for each in TABLE for holder in holders_of(each)}
    more = [exactly(row.needs), *(all_but({one}) for one in row.needs)] if row.needs else []
    found = {holder.name: holder for holder in (*holders_of(row), *more)}
    return [holder for name, holder in found.items() if name in known and holder.is_signed_in]


def _sid(holder: Holder, thing: str) -> str:
    return f"{holder.name} · {thing}"
