"""What the reference of steps says beyond what the code says of itself."""

from collections.abc import Mapping
from typing import Final

from socialcube.engine.conditions import Operator
from socialcube.engine.messages import MAX_EMBED
from socialcube.engine.spec import MAX_STEP_DEPTH, MAX_STEPS
from socialcube.engine.template import limits

HEAD: Final = f"""\
# Steps

<!-- Made by `make docs` from socialcube/engine and bin/lib/step_words.py. -->

The steps of a [command](command-files.md) run from top to bottom. A command has up to {MAX_STEPS} of them,
those in branches counted in, and lists of steps lie up to {MAX_STEP_DEPTH} deep in each other.

When no step answered and all went well, the person privately reads “Done.”; when a step failed before anybody
answered, a private notice with the reference of the run, which the log knows too.

## Every step

| field | default | what |
| --- | --- | --- |
| `id` | required | up to 40 letters, digits, `_` and `-`; no other step of the command has it |
| `type` | required | one of the steps below |
| `params` | none | the parameters of that step |
| `on_error` | `stop` | `stop` ends the run when the step fails, `continue` goes on with the next one; \
a used-up budget always ends it |

A parameter of the type *template* is a text that is filled in when the step runs; its limit counts the
characters that come out.
"""

NOTES: Final[Mapping[str, str]] = {
    "if": "The operators are listed [below](#operators). A list that is left out is empty.",
    "reply": (
        f"A message needs a `text`, an `embed`, or both. All texts of an embed have up to {MAX_EMBED:,}\n"
        "characters together, and it needs a title, a text, a field or a picture. Write a colour in\n"
        "quotes: a bare `#` starts a comment in YAML.\n"
        "The first answer of a run replies, every further one follows up."
    ),
    "set_variable": (
        "A `number` has up to 40 digits before and after the point. For `yes_no`, `yes`, `true`, `on` and\n"
        "`1` are yes; `no`, `false`, `off`, `0` and an empty text are no. Anything else fails the step."
    ),
}
"""Rules of a step that no single parameter shows, by the step's name."""

OPERATORS: Final[Mapping[Operator, str]] = {
    Operator.EQUALS: "the two are the same: numbers by value (`1` is `1.0`), texts by every letter",
    Operator.NOT_EQUALS: "they are not",
    Operator.CONTAINS: "the right text is somewhere in the left one",
    Operator.NOT_CONTAINS: "it is not",
    Operator.STARTS_WITH: "the left text begins with the right one",
    Operator.ENDS_WITH: "the left text ends with the right one",
    Operator.GREATER: "left is more than right; both must be numbers",
    Operator.AT_LEAST: "left is as much as right or more; both must be numbers",
    Operator.LESS: "left is less than right; both must be numbers",
    Operator.AT_MOST: "left is as much as right or less; both must be numbers",
    Operator.IS_EMPTY: "nothing is on the left; `right` does not count",
    Operator.IS_NOT_EMPTY: "something is on the left; `right` does not count",
}

NAMES: Final[Mapping[str, str]] = {
    "user": "who used the command",
    "bot": "the bot that answers",
    "server": "where it was used; nothing in a direct message",
    "channel": "where it was used; in `{{ }}` alone it writes its mention, as `user` does",
    "options": "the answers by the name of the option. A user, channel or role has `id`, `name` and "
    "`mention`; an option that was left out is nothing",
    "settings": "the server's settings: `locale`, `time_zone`, `log_channel`, and the fields that the bot's "
    "owner defines",
    "vars": "what `set_variable` remembered earlier in this run, by name",
    "now": "the start of the run in ISO 8601, for the filter `date`, which takes a pattern and a time zone",
}

TEMPLATES: Final = """\
Texts are [Liquid](https://shopify.github.io/liquid/): `{{ … }}` writes a value, `{% … %}` is a tag. A value
that is not there writes nothing and leaves a remark in the trace; another first name than these is refused
when the file is read. Ids are texts.
"""

TEMPLATE_LIMITS: Final = f"""\
A template has up to {limits.MAX_SOURCE:,} characters and {limits.MAX_MARKUPS} outputs and tags, each of \
up to {limits.MAX_MARKUP} characters, and blocks up to
{limits.MAX_BLOCK_NESTING} deep in each other. A value has up to {limits.MAX_VALUE:,} characters, a list \
{limits.MAX_ITEMS:,} items, a range {limits.MAX_RANGE:,} numbers.
"""

EXAMPLES: Final[Mapping[str, str]] = {
    "Choose by a number": """\
schema: 1
name: water
description: Says whether a plant needs water
options:
  - name: days
    type: integer
    description: Days since it was last watered
    required: true
    min_value: 0
    max_value: 60
steps:
  - id: check
    type: if
    params:
      conditions:
        - { left: "{{ options.days }}", operator: at_least, right: "7" }
    then:
      - id: thirsty
        type: reply
        params:
          text: "{{ options.days }} days? Water it today."
    else:
      - id: fine
        type: reply
        params:
          text: "It can wait {{ 7 | minus: options.days }} more days."
          private: true
""",
    "An embed with fields": """\
schema: 1
name: card
description: Shows who somebody is
options:
  - { name: who, type: user, description: Whom to show, required: true }
steps:
  - id: card
    type: reply
    params:
      embed:
        title: "{{ options.who.name }}"
        description: "Asked for by {{ user.display_name }}."
        colour: "#2e8b57"
        fields:
          - { name: Mention, value: "{{ options.who.mention }}", inline: true }
          - { name: Id, value: "{{ options.who.id }}", inline: true }
        footer: "{{ now | date: '%d %B %Y, %H:%M' }} UTC"
""",
    "Remember a value": """\
schema: 1
name: bill
description: Splits a bill
options:
  - { name: total, type: number, description: The whole bill, required: true, min_value: 0 }
  - { name: people, type: integer, description: How many pay, required: true, min_value: 1 }
steps:
  - id: share
    type: set_variable
    params:
      name: share
      value: "{{ options.total | times: 1.0 | divided_by: options.people | round: 2 }}"
      kind: number
  - id: answer
    type: reply
    params:
      text: "Everybody pays {{ vars.share }}, {{ vars.share | times: 1.1 | round: 2 }} with a tip."
""",
}
"""Whole files by title; a test reads and runs them."""
