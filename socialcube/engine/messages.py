"""Messages as parameters, and how they are filled in. Every action that speaks shares them.

The numbers are Discord's (documentation, "Create Message" and "Embed Limits").
"""

import re
from typing import Annotated, Final, Self
from urllib.parse import urlsplit

from pydantic import BeforeValidator, Field, model_validator
from pydantic_core import PydanticCustomError

from socialcube.engine.action import StepContext
from socialcube.engine.errors import BadURLError, EmbedTooLongError, EmptyOutputError
from socialcube.engine.fields import Fields, TemplateText
from socialcube.engine.ports import Embed, EmbedField, Message
from socialcube.engine.template import Template

MAX_CONTENT: Final = 2_000
MAX_EMBED: Final = 6_000
_MAX_COLOUR: Final = 0xFFFFFF
_HEX_DIGITS: Final = 16
_COLOUR: Final = re.compile("#[0-9a-fA-F]{6}")

_Name = Annotated[Template, TemplateText(256)]
_Value = Annotated[Template, TemplateText(1_024, has_lines=True)]
_Footer = Annotated[Template, TemplateText(2_048)]
_Address = Annotated[Template, TemplateText(2_048)]
_Description = Annotated[Template, TemplateText(4_096, has_lines=True)]


def _read_colour(value: object) -> object:
    if not isinstance(value, str):
        return value
    if not _COLOUR.fullmatch(value):
        raise PydanticCustomError("bad_value", "A colour is written as #rrggbb, for example #ff8000.")
    return int(value[1:], _HEX_DIGITS)


class EmbedFieldFields(Fields):
    """One field of an embed."""

    name: _Name = Field(title="Name", description="Bold line, up to 256 characters.")
    value: _Value = Field(title="Text", description="Up to 1,024 characters.")
    inline: bool = Field(
        default=False, title="Beside others", description="Up to three such fields share a line."
    )


class EmbedFields(Fields):
    """A framed block."""

    title: _Name = Field(default_factory=Template.empty, title="Title", description="Up to 256 characters.")
    description: _Description = Field(
        default_factory=Template.empty, title="Description", description="Up to 4,096 characters."
    )
    url: _Address = Field(
        default_factory=Template.empty, title="Link", description="Where the title leads to."
    )
    colour: Annotated[int | None, BeforeValidator(_read_colour, json_schema_input_type=int | str | None)] = (
        Field(None, title="Colour", description="Of the bar: #rrggbb or a number.", ge=0, le=_MAX_COLOUR)
    )
    author: _Name = Field(
        default_factory=Template.empty, title="Author", description="Small line above the title."
    )
    footer: _Footer = Field(
        default_factory=Template.empty, title="Footer", description="Small line at the end."
    )
    image_url: _Address = Field(
        default_factory=Template.empty, title="Picture", description="Address of a picture."
    )
    thumbnail_url: _Address = Field(
        default_factory=Template.empty,
        title="Small picture",
        description="Address of a picture for the corner.",
    )
    fields: tuple[EmbedFieldFields, ...] = Field(
        (), title="Fields", description="Up to 25 names with texts.", max_length=25, strict=False
    )

    @model_validator(mode="after")
    def _check(self) -> Self:
        texts = [self.title, self.description, self.author, self.footer]
        texts += [text for field in self.fields for text in (field.name, field.value)]
        least = sum(text.least_output for text in texts)
        if least > MAX_EMBED:
            reason = f"The fixed texts are {least:,} characters long together, and {MAX_EMBED:,} fit."
            raise PydanticCustomError("embed_too_long", "{reason}", {"reason": reason})
        if not any(text.source.strip() for text in [*texts, self.image_url, self.thumbnail_url]):
            raise PydanticCustomError("embed_empty", "An embed needs a title, a text, a field or a picture.")
        return self


class MessageFields(Fields):
    """The parameters of a message."""

    text: Annotated[Template, TemplateText(MAX_CONTENT, has_lines=True)] = Field(
        default_factory=Template.empty, title="Text", description="What the bot says, up to 2,000 characters."
    )
    embed: EmbedFields | None = Field(None, title="Embed", description="A framed block below the text.")

    @model_validator(mode="after")
    def _check(self) -> Self:
        if self.embed is None and not self.text.source.strip():
            raise PydanticCustomError("message_empty", "A message needs a text, an embed, or both.")
        return self


def render_message(context: StepContext, fields: MessageFields, *, private: bool = False) -> Message:
    """Fill in a message.

    Raises:
        EmptyOutputError: nothing is left to show, or a field of the embed came out empty.
        EmbedTooLongError: the embed's texts are too long together.
        BadURLError: an address is none.
        EngineError: a template failed.
    """
    content = context.render("text", fields.text)
    embeds = (_render_embed(context, fields.embed),) if fields.embed else ()
    if not content.strip() and not embeds:
        raise EmptyOutputError().at("text")
    return Message(content, embeds, private)


def _render_embed(context: StepContext, fields: EmbedFields) -> Embed:
    embed = Embed(
        title=context.render("embed.title", fields.title),
        description=context.render("embed.description", fields.description),
        url=_render_address(context, "embed.url", fields.url),
        colour=fields.colour,
        author=context.render("embed.author", fields.author),
        footer=context.render("embed.footer", fields.footer),
        image_url=_render_address(context, "embed.image_url", fields.image_url),
        thumbnail_url=_render_address(context, "embed.thumbnail_url", fields.thumbnail_url),
        fields=tuple(_render_field(context, index, field) for index, field in enumerate(fields.fields)),
    )
    _check_embed(embed)
    return embed


def _render_field(context: StepContext, index: int, field: EmbedFieldFields) -> EmbedField:
    name = _render_filled(context, f"embed.fields[{index}].name", field.name)
    value = _render_filled(context, f"embed.fields[{index}].value", field.value)
    return EmbedField(name, value, field.inline)


def _render_filled(context: StepContext, place: str, template: Template) -> str:
    text = context.render(place, template)
    if not text.strip():
        raise EmptyOutputError().at(place)
    return text


def _render_address(context: StepContext, place: str, template: Template) -> str:
    address = context.render(place, template).strip()
    if address and not _is_address(address):
        raise BadURLError().at(place)
    return address


def _is_address(text: str) -> bool:
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return (
        parts.scheme in {"http", "https"}
        and bool(parts.hostname)
        and not any(sign.isspace() for sign in text)
    )


def _check_embed(embed: Embed) -> None:
    texts = [embed.title, embed.description, embed.author, embed.footer]
    texts += [text for field in embed.fields for text in (field.name, field.value)]
    length = sum(map(len, texts))
    if length > MAX_EMBED:
        raise EmbedTooLongError(length=f"{length:,}", limit=f"{MAX_EMBED:,}").at("embed")
    if not any(text.strip() for text in [*texts, embed.image_url, embed.thumbnail_url]):
        raise EmptyOutputError().at("embed")
