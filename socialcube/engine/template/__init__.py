"""Guarded Liquid: the templates that strangers write, with their time and memory bounded."""

from socialcube.engine.template.compiled import Rendered, Template

__all__ = ["Rendered", "Template"]
