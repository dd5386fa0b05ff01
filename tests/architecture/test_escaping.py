"""What people typed, pasted or uploaded is text on every page: nothing takes the escaping away."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

PROJECT = Path(__file__).parents[2]
SOURCE = PROJECT / "socialcube"
SCRIPTS = sorted(path for path in SOURCE.rglob("*.js") if "vendor" not in path.parts)

UNESCAPED = re.compile(
    r"\|\s*safe\b|\bautoescape\b|\bMarkup\b|<script(?![^>]*\bsrc=)[^>]*>|\son\w+\s*=\s*[\"']|javascript:"
)
"""Ways around the escaping of a template, and places in which escaping for HTML does not help."""

UNQUOTED = re.compile(r"<[^<>]*\s[\w-]+=\{\{")
"""An attribute without quotes ends at the first blank of what is put into it."""

AS_HTML = re.compile(
    r"\.innerHTML\s*\+?=(?!=)|\.outerHTML\s*=(?!=)|insertAdjacentHTML|document\.write\b|\beval\(|new Function"
    r"|createContextualFragment|setHTMLUnsafe|srcdoc"
)
RENDERERS = frozenset({"Markup", "from_string", "render_template_string", "HTMLString"})
MAY_RENDER = frozenset({"engine/template/parsing.py"})
"""Where a template is made of a text: the templates of commands, whose output is never HTML."""


def test_the_rules_find_what_they_are_for() -> None:
    for text in ("{{ x|safe }}", "{% autoescape false %}", "<a onclick='x'>", '<a href="javascript:x">'):
        assert UNESCAPED.search(text), text
    assert UNESCAPED.search("<script>let x = {{ x }}</script>")
    assert not UNESCAPED.search('<script type="module" src="{{ url }}"></script>')
    assert UNQUOTED.search("<a class={{ x }}>")
    for text in ("a.innerHTML = b", "a.outerHTML=b", "a.insertAdjacentHTML('x', b)"):
        assert AS_HTML.search(text), text
    assert not AS_HTML.search("a.outerHTML !== b.outerHTML")
    assert list(_calls("from markupsafe import Markup\nMarkup(x)")) == ["Markup", "Markup"]


def test_no_template_lets_text_be_html() -> None:
    found = {
        f"{path.relative_to(SOURCE)}: {match[0]}"
        for path in SOURCE.rglob("*.html")
        for rule in (UNESCAPED, UNQUOTED)
        for match in rule.finditer(path.read_text(encoding="utf-8"))
    }
    assert found == set(), "let Jinja escape it, inside of quotes"


def test_no_view_makes_html_of_text() -> None:
    found = {
        f"{path.relative_to(SOURCE)}: {name}"
        for path in SOURCE.rglob("*.py")
        if str(path.relative_to(SOURCE)) not in MAY_RENDER
        for name in _calls(path.read_text(encoding="utf-8"))
    }
    assert found == set(), "draw it with a template, or say in MAY_RENDER why the text is no one's"


def test_no_script_makes_html_of_text() -> None:
    found = {
        f"{path.relative_to(SOURCE)}: {match[0]}"
        for path in SCRIPTS
        for match in AS_HTML.finditer(path.read_text(encoding="utf-8"))
    }
    assert found == set(), "set textContent, or build the elements"


def _calls(source: str) -> Iterator[str]:
    """Give the names that turn text into HTML or into a template, where they are imported or used."""
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.ImportFrom(names=names) | ast.Import(names=names):
                yield from (item.name for item in names if item.name in RENDERERS)
            case ast.Call(func=ast.Name(id=name)) | ast.Call(func=ast.Attribute(attr=name)):
                if name in RENDERERS:
                    yield name
