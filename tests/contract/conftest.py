"""Fixtures of the contracts: the same cases on SQLite and on PostgreSQL."""

from tests.support.databases import database, database_kind, empty_database, postgres, sqlite_template

__all__ = ["database", "database_kind", "empty_database", "postgres", "sqlite_template"]
