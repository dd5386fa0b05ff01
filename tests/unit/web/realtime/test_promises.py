from socialcube.web.realtime.live import GATE_GAP_SECONDS, GATE_SECONDS


def test_what_a_socket_may_see_is_looked_at_again_within_two_seconds() -> None:
    assert GATE_SECONDS + GATE_GAP_SECONDS <= 2
