"""Rules of alerts: what is a trouble, when people are told, in which words, and where to."""

from socialcube.domain.alerts.policy.addresses import check_name, read_address
from socialcube.domain.alerts.policy.course import Step, next_step
from socialcube.domain.alerts.policy.pace import GIVE_UP, LOST_CLAIM, retry_after
from socialcube.domain.alerts.policy.texts import compose, describe_kind, test_notice
from socialcube.domain.alerts.policy.troubles import find_trouble

__all__ = [
    "GIVE_UP",
    "LOST_CLAIM",
    "Step",
    "check_name",
    "compose",
    "describe_kind",
    "find_trouble",
    "next_step",
    "read_address",
    "retry_after",
    "test_notice",
]
