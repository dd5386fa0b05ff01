from collections.abc import Callable
from time import thread_time
from typing import Any

import pytest

from socialcube.engine.template import Rendered, Template

Render = Callable[..., Rendered]


@pytest.fixture
def render() -> Render:
    """Compile and render with the CPU time of this thread as the clock: a busy machine must fail no test."""

    def render_it(source: str, seconds: float = 0.25, max_output: int = 2_000, **names: Any) -> Rendered:
        template = Template.compile(source, max_output)
        return template.render(
            {"now": "2025-01-02T03:04:05+00:00", **names}, seconds=seconds, monotonic=thread_time
        )

    return render_it
