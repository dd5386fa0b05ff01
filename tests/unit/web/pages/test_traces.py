from typing import Any

from socialcube.web.pages.traces import DEFERRED_MS, lay_out


def element(path: str, milliseconds: Any, kind: str = "reply") -> dict[str, object]:
    return {"path": path, "type": kind, "milliseconds": milliseconds}


def test_a_child_begins_with_its_holder_and_a_neighbour_where_the_one_before_it_ended() -> None:
    paths = ("steps[0]", "steps[0].then[0]", "steps[0].then[1]", "steps[1]")
    steps = lay_out(element(path, took) for path, took in zip(paths, (90, 30, 20, 10), strict=True))
    assert [(step.path, step.depth, step.start) for step in steps] == [
        ("steps[0]", 0, 0.0),
        ("steps[0].then[0]", 1, 0.0),
        ("steps[0].then[1]", 1, 30.0),
        ("steps[1]", 0, 90.0),
    ]


def test_deferring_takes_no_place_among_the_steps() -> None:
    steps = lay_out([element("steps[0]", 40), element("", 80, "defer"), element("steps[1]", 5)])
    assert [(step.start, step.is_beside) for step in steps] == [
        (0.0, False),
        (DEFERRED_MS, True),
        (40.0, False),
    ]


def test_what_the_engine_does_by_itself_and_unknown_actions_have_words() -> None:
    trace = [
        element("", 1, "notice"),
        element("steps[0]", None, "send_far\u202e"),
        "odd",
        {"type": "budgets"},
    ]
    notice, unknown = lay_out(trace)
    assert notice.label == "Told the person"
    assert unknown.label.startswith("Send far")
    assert "\u202e" not in unknown.label
    assert unknown.milliseconds == 0
