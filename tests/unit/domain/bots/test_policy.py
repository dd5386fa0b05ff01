from typing import Any

import pytest

from socialcube.domain.bots.errors import InvalidBotDescriptionError, InvalidBotNameError, InvalidIntentsError
from socialcube.domain.bots.policy import (
    FEW_STARTS,
    SLOW_HEARTBEAT_MS,
    check_description,
    check_intents,
    check_name,
    clean_platform_text,
    describe,
)
from socialcube.domain.bots.types import DesiredState, GatewayState, ProcessState, Reason, Tone
from tests.factories.bots import make_state


@pytest.mark.parametrize("name", ["Fern", "x" * 80, "  Fern  ", "Fern 👩‍👧", "فرن"])
def test_a_name_of_one_line_is_taken_without_blanks_around(name: str) -> None:
    assert check_name(name) == name.strip()


@pytest.mark.parametrize("name", ["", "   ", "x" * 81, "two\nlines", "a\0b", "a\u2028b", "a\ud800b"])
def test_a_name_that_is_empty_long_or_not_on_one_line_is_refused(name: str) -> None:
    with pytest.raises(InvalidBotNameError):
        check_name(name)


def test_a_description_may_have_lines() -> None:
    assert check_description(" one\r\ntwo\tthree ") == "one\ntwo\tthree"


@pytest.mark.parametrize("text", ["x" * 401, "a\0b", "a\rb"])
def test_a_description_that_is_long_or_holds_control_characters_is_refused(text: str) -> None:
    with pytest.raises(InvalidBotDescriptionError):
        check_description(text)


@pytest.mark.parametrize(("given", "kept"), [(0, 1), (1, 1), (2, 3), (512, 513)])
def test_intents_always_hold_the_one_for_servers(given: int, kept: int) -> None:
    assert check_intents(given) == kept


@pytest.mark.parametrize("intents", [-1, 1 << 53])
def test_intents_that_are_no_bit_set_are_refused(intents: int) -> None:
    with pytest.raises(InvalidIntentsError):
        check_intents(intents)


@pytest.mark.parametrize(
    ("text", "kept"), [("a\nb", "a b"), ("  a\0 ", "a"), ("abcdef", "abcd"), ("\n", "-"), ("abc def", "abc")]
)
def test_texts_of_the_platform_are_made_to_fit(text: str, kept: str) -> None:
    assert clean_platform_text(text, max_length=4, fallback="-") == kept


RUNNING, STOPPED = DesiredState.RUNNING, DesiredState.STOPPED
ON = {"process": ProcessState.RUNNING}
STATES: list[tuple[DesiredState, dict[str, Any], bool, str, Tone]] = [
    (RUNNING, ON, True, "Online", Tone.OK),
    (RUNNING, {"latency_ms": SLOW_HEARTBEAT_MS - 1, "starts_left": FEW_STARTS + 1}, True, "Online", Tone.OK),
    (RUNNING, {"latency_ms": SLOW_HEARTBEAT_MS}, True, "Unstable", Tone.WARN),
    (RUNNING, {"starts_left": FEW_STARTS}, True, "Unstable", Tone.WARN),
    (RUNNING, {"reason": Reason.PLATFORM_UNREACHABLE}, True, "Unstable", Tone.WARN),
    (RUNNING, {"sentence": "Rate-limited."}, True, "Unstable", Tone.WARN),
    (RUNNING, {"commands_problem": "Two names clash."}, True, "Unstable", Tone.WARN),
    (RUNNING, {"gateway": GatewayState.CONNECTING}, True, "Starting", Tone.ACCENT),
    (RUNNING, {"gateway": GatewayState.RECONNECTING}, True, "Reconnecting", Tone.ACCENT),
    (RUNNING, {"gateway": GatewayState.DISCONNECTED}, True, "Reconnecting", Tone.ACCENT),
    (RUNNING, {"process": ProcessState.STARTING}, True, "Starting", Tone.ACCENT),
    (RUNNING, {"process": ProcessState.STOPPED}, True, "Starting", Tone.ACCENT),
    (RUNNING, {"process": ProcessState.HELD}, True, "Starting", Tone.ACCENT),
    (RUNNING, {"process": ProcessState.STOPPING}, True, "Stopping", Tone.ACCENT),
    (RUNNING, {"process": ProcessState.FAILED}, True, "Failed", Tone.BAD),
    (RUNNING, ON, False, "Failed", Tone.BAD),
    (RUNNING, {"is_held": True, "process": ProcessState.HELD}, True, "Needs you", Tone.HOLD),
    (STOPPED, {"is_held": True, "process": ProcessState.HELD}, False, "Needs you", Tone.HOLD),
    (STOPPED, {"process": ProcessState.STOPPED}, True, "Stopped", Tone.MUTED),
    (STOPPED, {"process": ProcessState.RUNNING}, True, "Stopping", Tone.ACCENT),
    (STOPPED, {"process": ProcessState.RUNNING}, False, "Stopped", Tone.MUTED),
]


@pytest.mark.parametrize(("desired", "seen", "has_runner", "word", "tone"), STATES)
def test_a_state_is_said_in_the_panels_words(
    desired: DesiredState, seen: dict[str, Any], has_runner: bool, word: str, tone: Tone
) -> None:
    words = describe(desired, make_state(**seen), has_runner=has_runner)
    assert (words.word, words.tone) == (word, tone)


@pytest.mark.parametrize(("desired", "seen", "has_runner", "word", "tone"), STATES)
def test_every_state_but_online_says_why(
    desired: DesiredState, seen: dict[str, Any], has_runner: bool, word: str, tone: Tone
) -> None:
    del tone
    assert bool(describe(desired, make_state(**seen), has_runner=has_runner).sentence) == (word != "Online")


@pytest.mark.parametrize("reason", list(Reason))
def test_every_reason_has_a_sentence_and_a_remedy(reason: Reason) -> None:
    words = describe(RUNNING, make_state(is_held=True, reason=reason))
    assert words.sentence
    assert words.remedy


def test_what_the_runner_wrote_wins_over_the_general_words() -> None:
    state = make_state(is_held=True, reason=Reason.CRASH_LOOP, sentence="Five crashes.", remedy="Look.")
    words = describe(RUNNING, state)
    assert (words.sentence, words.remedy) == ("Five crashes.", "Look.")


def test_the_commands_problem_is_what_people_read() -> None:
    assert describe(RUNNING, make_state(commands_problem="Two clash.")).sentence == "Two clash."
