"""The history of the tables, as Alembic revisions; `HEAD` is where this code needs the database to be."""

REVISIONS = ("0001", "0002", "0003", "0004", "0005", "0006", "0007")
HEAD = REVISIONS[-1]
