"""Writes docs/reference/settings.md from the table of settings, and the pages beside it from their own."""

from pathlib import Path

from bin.lib import api_reference, permission_reference, security_reference, step_reference
from socialcube.kernel.setting_specs import (
    OPENING_KEY,
    OPENING_KEY_FILE,
    OPENING_KEY_SHARED,
    SECTIONS,
    SettingSpec,
)

PAGE = Path(__file__).resolve().parents[2] / "docs" / "reference" / "settings.md"

_HEAD = """\
# Settings

<!-- Made by `make docs` from socialcube/kernel/setting_specs.py. -->

Every setting is an environment variable. An empty one counts as absent. A process that cannot use its
settings says so in one sentence per setting, all at once, and exits with code 78.

`make run` keeps what it chose in `var/.env`, where your own settings may stand too; the environment wins
over that file. It is read only when `SOCIALCUBE_ENV` is not in the environment, so production never reads it.
"""

_OPENING_KEY = f"""\
## The opening key

`bot_runner.py` alone reads the key. Web and worker refuse to start when `{OPENING_KEY}` is in their
environment, and in production also when they could read the file.

| setting | default | unit | effect |
| --- | --- | --- | --- |
| `{OPENING_KEY}` | none | list, newest first | Private keys, `key id:base64`, that open bot tokens. |
| `{OPENING_KEY_FILE}` | `VAR_DIR/keys/opening.key` | file | Used without `{OPENING_KEY}`: a file with one \
key to a line that only its owner can read. |
| `{OPENING_KEY_SHARED}` | none | word | `yes` lets web and worker start although they can read that file: \
all processes are one user's, and whoever breaks into the panel can then open every token. |
"""


def settings_page() -> str:
    """Give the whole page."""
    return "\n".join([_HEAD, *(_section(title, specs) for title, specs in SECTIONS.items()), _OPENING_KEY])


def _section(title: str, specs: tuple[SettingSpec, ...]) -> str:
    rows = [
        f"| `{spec.name}` | {_default(spec)} | {spec.unit} | {spec.effect.replace('|', chr(92) + '|')} |"
        for spec in specs
    ]
    return "\n".join(
        [f"## {title}", "", "| setting | default | unit | effect |", "| --- | --- | --- | --- |", *rows, ""]
    )


def _default(spec: SettingSpec) -> str:
    if spec.default is None:
        return "**must be set**"
    return f"`{spec.default.replace('{', '').replace('}', '')}`" if spec.default else "none"


if __name__ == "__main__":
    pages = {
        PAGE: settings_page(),
        api_reference.PAGE: api_reference.api_page(),
        permission_reference.PAGE: permission_reference.permissions_page(),
        step_reference.PAGE: step_reference.steps_page(),
        security_reference.PAGE: security_reference.security_page(),
    }
    for path, text in pages.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        print(f"{path} is written.")
