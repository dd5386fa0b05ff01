"""Cuts a template into the tokens that python-liquid's parser eats, in linear time.

The library's own lexer is one backtracking regex: 4,000 characters of `{{{{` or of blanks inside a tag
keep it busy for more than a second (python-liquid 2.3.6, lex.py, measured). Comments end here.
"""

import re
from collections.abc import Iterator
from typing import Final

from liquid.exceptions import LiquidSyntaxError
from liquid.token import TOKEN_CONTENT, TOKEN_EXPRESSION, TOKEN_OUTPUT, TOKEN_TAG, Token

from socialcube.engine.template.limits import MAX_MARKUP, MAX_MARKUPS

_OPENING: Final = re.compile(r"\{[{%]")
_TAG_NAME: Final = re.compile(r"#|\w+")
_END_RAW: Final = re.compile(r"\{%-?[ \t\r\n]{0,20}endraw[ \t\r\n]{0,20}-?%\}")


def tokenize(source: str) -> Iterator[Token]:
    """Cut a template's source into content, output and tag tokens.

    Raises:
        LiquidSyntaxError: something is never closed, or there is too much of it.
    """
    return _Lexer(source).tokens()


class _Lexer:
    def __init__(self, source: str) -> None:
        self._source = source
        self._position = 0
        self._strip_next = False
        self._comments = 0
        self._comment_start = 0
        self._count = 0

    def tokens(self) -> Iterator[Token]:
        while opening := _OPENING.search(self._source, self._position):
            start = opening.start()
            yield from self._content(start, strip_end=self._source.startswith("-", start + 2))
            if opening.group() == "{{":
                yield from self._output(start)
            else:
                yield from self._tag(start)
        if self._comments:
            raise self._error("a comment is never closed with {% endcomment %}", self._comment_start)
        yield from self._content(len(self._source), strip_end=False)

    def _content(self, end: int, *, strip_end: bool) -> Iterator[Token]:
        start = self._position
        text = self._source[start:end]
        if self._strip_next:
            text = text.lstrip()
        if strip_end:
            text = text.rstrip()
        self._strip_next = False
        if text and not self._comments:
            yield Token(TOKEN_CONTENT, text, start, self._source)

    def _output(self, start: int) -> Iterator[Token]:
        inner, begin = self._inside(start, "}}")
        if not self._comments:
            yield Token(TOKEN_OUTPUT, self._source[start : self._position], start, self._source)
            yield Token(TOKEN_EXPRESSION, inner, begin, self._source)

    def _tag(self, start: int) -> Iterator[Token]:
        inner, begin = self._inside(start, "%}")
        name = _TAG_NAME.match(inner)
        if not name:
            raise self._error("a tag needs a name, like {% if %}", start)
        if self._is_comment(name.group(), start):
            return
        if name.group() == "raw":
            yield from self._raw(start)
            return
        yield Token(TOKEN_TAG, name.group(), begin, self._source)
        arguments = inner[name.end() :].lstrip()
        if arguments:
            yield Token(TOKEN_EXPRESSION, arguments, begin + len(inner) - len(arguments), self._source)

    def _is_comment(self, name: str, start: int) -> bool:
        if name == "comment":
            self._comment_start = self._comment_start if self._comments else start
            self._comments += 1
            return True
        if name == "endcomment" and self._comments:
            self._comments -= 1
            return True
        return bool(self._comments) or name == "#"

    def _raw(self, start: int) -> Iterator[Token]:
        end = _END_RAW.search(self._source, self._position)
        if not end:
            raise self._error("{% raw %} is never closed with {% endraw %}", start)
        yield from self._content(end.start(), strip_end=False)
        self._position = end.end()

    def _inside(self, start: int, closing: str) -> tuple[str, int]:
        """Give the text between the braces without dashes and blanks, and where it begins."""
        end = self._source.find(closing, start + 2, start + 2 + MAX_MARKUP + len(closing))
        if end < 0:
            raise self._error(f"{closing} is missing, or what stands before it is too long", start)
        self._count += 1
        if self._count > MAX_MARKUPS:
            raise self._error(f"there are more than {MAX_MARKUPS} outputs and tags", start)
        begin = start + 3 if self._source.startswith("-", start + 2, end) else start + 2
        inner = self._source[begin:end]
        self._strip_next = inner.endswith("-")
        inner = inner.removesuffix("-").rstrip()
        self._position = end + len(closing)
        return inner.lstrip(), begin + len(inner) - len(inner.lstrip())

    def _error(self, reason: str, index: int) -> LiquidSyntaxError:
        return LiquidSyntaxError(reason, token=Token(TOKEN_CONTENT, "", index, self._source))
