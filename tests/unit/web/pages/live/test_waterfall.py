import pytest

from socialcube.web.pages.live.waterfall import draw
from socialcube.web.pages.traces import LIMIT_MS
from tests.factories.logs import make_command_log


def element(path: str, milliseconds: float, kind: str = "reply", **more: object) -> dict[str, object]:
    return {"path": path, "type": kind, "milliseconds": milliseconds} | more


def test_steps_follow_each_other_after_what_came_before_them() -> None:
    trace = [element("steps[0]", 300), element("steps[1]", 600)]
    found = draw(make_command_log(duration_ms=1200.0, trace=trace))
    assert [bar.label for bar in found.bars] == ["Before the first step", "1 Reply", "2 Reply"]
    assert [bar.start for bar in found.bars] == pytest.approx([0, 10, 20])
    assert [bar.width for bar in found.bars] == pytest.approx([10, 10, 20])


def test_a_step_inside_another_begins_with_it() -> None:
    trace = [
        element("steps[0]", 900, "if"),
        element("steps[0].then[0]", 300),
        element("steps[0].then[1]", 300),
        element("steps[1]", 300),
    ]
    bars = draw(make_command_log(duration_ms=1200.0, trace=trace)).bars[1:]
    assert [bar.depth for bar in bars] == [0, 1, 1, 0]
    assert [bar.start for bar in bars] == pytest.approx([0, 0, 10, 30])


def test_deferring_runs_beside_the_steps() -> None:
    trace = [element("steps[0]", 2000), element("", 80, "defer"), element("steps[1]", 400)]
    bars = draw(make_command_log(duration_ms=2400.0, trace=trace)).bars[1:]
    assert [bar.start for bar in bars] == pytest.approx([0, 50, 2000 / 30])


def test_failed_and_slow_steps_stand_out() -> None:
    trace = [element("steps[0]", 1600), element("steps[1]", 5, error={"code": "x"})]
    bars = draw(make_command_log(duration_ms=1700.0, trace=trace)).bars[1:]
    assert [bar.tone for bar in bars] == ["warn", "bad"]


def test_a_long_run_widens_the_scale_and_keeps_discords_limit_in_place() -> None:
    found = draw(make_command_log(duration_ms=2 * LIMIT_MS, trace=[]))
    assert found.limit_at == pytest.approx(50)
    assert found.marks[0] == (0.0, "0")


@pytest.mark.parametrize("trace", [[], ["odd"], [{"type": "budgets"}], [element("steps[0]", None)]])  # type: ignore[arg-type] # what must not break it
def test_an_odd_trace_still_draws(trace: list[object]) -> None:
    assert draw(make_command_log(duration_ms=5.0, trace=trace)).bars[0].label == "Before the first step"
