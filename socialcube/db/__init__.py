"""SQLAlchemy without Flask: one set of tables for SQLite and PostgreSQL."""
