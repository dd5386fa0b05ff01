from time import thread_time
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from socialcube.engine.errors import EngineError
from socialcube.engine.template import Template
from socialcube.engine.template.environment import FILTERS

WORDS = (
    "{{ }} {% %} - if endif for in endfor case when endcase assign capture endcapture raw endraw comment "
    "endcomment else elsif unless endunless break continue user options x forloop 'a' . [ ] ( .. ) | : , = "
    "== < > contains and or ' \" 1 99999999999 -1 1.5 nil empty true limit offset reversed # é 😀"
)
PIECES = [*WORDS.split(), " ", "\n", *FILTERS]
SOURCES = st.one_of(
    st.text(max_size=300),
    st.lists(st.sampled_from(PIECES), max_size=60).map(" ".join),
    st.lists(st.sampled_from(PIECES), max_size=60).map("".join),
)
ARGUMENTS = st.sampled_from(
    ["", ": 'a'", ": 1", ": options.all", ": 'a', 2", ": nil", ": options.n, options.text"]
)
CHAINS = st.lists(st.tuples(st.sampled_from(sorted(FILTERS)), ARGUMENTS).map("".join), max_size=6).map(
    " | ".join
)
VALUES: Any = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=40),
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(st.text(max_size=5), inner, max_size=5),
    max_leaves=20,
)


def assert_renders_or_refuses(source: str, value: object) -> None:
    begin = thread_time()
    try:
        template = Template.compile(source, 2_000)
        names = {
            "user": {"name": "ann"},
            "options": {"all": value, "n": 3, "text": "a b"},
            "now": "2025-01-02",
        }
        rendered = template.render(names, seconds=0.25, monotonic=thread_time)
    except EngineError as error:
        told = error.message
    else:
        told = rendered.text
    assert len(told) <= 2_000
    assert thread_time() - begin < 1.0


@settings(max_examples=150, deadline=None)
@given(source=SOURCES, value=VALUES)
def test_any_text_renders_or_is_refused_in_our_words(source: str, value: object) -> None:
    assert_renders_or_refuses(source, value)


@settings(max_examples=150, deadline=None)
@given(chain=CHAINS, value=VALUES)
def test_any_chain_of_filters_renders_or_is_refused_in_our_words(chain: str, value: object) -> None:
    assert_renders_or_refuses("{{ options.all" + (f" | {chain}" if chain else "") + " }}", value)
