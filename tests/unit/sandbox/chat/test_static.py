import re
from pathlib import Path

import pytest

from socialcube.sandbox.chat.routes import STATIC

SCRIPTS = sorted(STATIC.rglob("*.js"))
STYLES = sorted(STATIC.rglob("*.css"))
PAGE = (STATIC / "index.html").read_text()
UNSAFE = re.compile(
    r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function"
    r"|setAttribute\('(?:style|on)|javascript:"
)
LONGEST = 200


def named(paths: list[Path]) -> dict[str, str]:
    return {str(path.relative_to(STATIC)): path.read_text() for path in paths}


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_no_script_parses_html_or_runs_text(path: Path) -> None:
    assert not UNSAFE.findall(path.read_text())


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_each_script_imports_what_is_there(path: Path) -> None:
    for target in re.findall(r"^import [^;]*?from '([^']+)';", path.read_text(), re.MULTILINE):
        assert target.startswith("."), f"{target} would need a build step or another server"
        assert (path.parent / target).resolve() in SCRIPTS


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_each_script_is_short_and_says_what_it_is_for(path: Path) -> None:
    text = path.read_text()
    assert text.startswith("/**\n")
    assert "@module" in text
    assert text.count("\n") < LONGEST


def test_every_script_is_reached_from_the_main_one() -> None:
    reached: set[Path] = set()
    waiting = [(STATIC / "js/main.js").resolve()]
    while waiting:
        path = waiting.pop()
        if path not in reached:
            reached.add(path)
            targets = re.findall(r"from '([^']+)';", path.read_text())
            waiting += [(path.parent / target).resolve() for target in targets]
    assert reached == {path.resolve() for path in SCRIPTS}


def test_the_page_holds_no_script_and_no_style_of_its_own() -> None:
    assert not re.search(r"<style|style=|\son\w+=|<script(?![^>]*\ssrc=)", PAGE)
    assert not re.search(r"(?:src|href)=\"(?!/chat/static/)", PAGE)


def test_the_page_links_every_style_sheet() -> None:
    linked = set(re.findall(r'href="/chat/static/(css/[\w.]+)"', PAGE))
    assert linked == set(named(STYLES))


def test_only_the_tokens_hold_colours() -> None:
    colour = re.compile(r"#[0-9A-Fa-f]{3,8}\b|\brgba?\(|\bhsl\(")
    assert {name for name, text in named(STYLES).items() if colour.search(text)} == {"css/tokens.css"}


def test_every_colour_used_is_a_token() -> None:
    texts = named(STYLES)
    defined = set(re.findall(r"(--[\w-]+)\s*:", "".join(texts.values())))
    set_by_script = {"--bar", "--role", "--dot"}
    used = set(re.findall(r"var\((--[\w-]+)", "".join(texts.values())))
    assert used <= defined | set_by_script


def test_no_style_sheet_loads_anything() -> None:
    assert not [name for name, text in named(STYLES).items() if "url(" in text or "@import" in text]


def test_every_icon_used_is_in_the_sprite() -> None:
    sprite = set(re.findall(r'<symbol id="([\w-]+)"', (STATIC / "icons.svg").read_text()))
    scripts = "".join(named(SCRIPTS).values())
    used = set(re.findall(r"\b(?:icon|iconButton|emptyState)\('([\w-]+)'", scripts))
    assert used
    assert used == sprite
