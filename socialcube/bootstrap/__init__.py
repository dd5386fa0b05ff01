"""Composition: one module per shell over the parts that all share."""
