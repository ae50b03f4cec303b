"""An empty gradebook, made as nbgrader makes it."""

import contextlib
import os
import tempfile
from pathlib import Path
from typing import Any

# nbgrader 0.9's, as alembic names it.
SCHEMA = "e43177bfe90b"
# PostgreSQL's advisory lock: graders of one database write one after another.
WRITERS_LOCK = 0x6E6267


def create_gradebook(url: str, api: Any) -> None:
    """Make an empty gradebook without starting alembic; leave one that is there alone. api: nbgrader.api.

    SQLite commits each CREATE by itself, so the file is made beside its place and linked there whole: a run
    that is killed leaves a gradebook or none, and one that somebody else made meanwhile is kept. Raises what
    SQLAlchemy raises.
    """
    from sqlalchemy import create_engine, inspect, text
    from sqlalchemy.engine import make_url

    address, target = make_url(url), None
    if address.get_backend_name() == "sqlite" and address.database not in (None, "", ":memory:"):
        target = Path(str(address.database))
        if target.exists():
            return
        handle, new = tempfile.mkstemp(prefix=f"{target.name}.", suffix=".new", dir=target.parent)
        os.close(handle)
        address = address.set(database=new)
    engine = create_engine(address)
    try:
        with engine.begin() as connection:
            # Two graders that begin together make it once.
            if engine.dialect.name == "postgresql":
                connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": WRITERS_LOCK})
            if not inspect(connection).get_table_names():
                api.Base.metadata.create_all(connection)
                connection.execute(text("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)"))
                connection.execute(text("INSERT INTO alembic_version VALUES (:v)"), {"v": SCHEMA})
                # nbgrader writes this row too when it makes a gradebook.
                connection.execute(text("INSERT INTO course (id) VALUES ('default_course')"))
        if target is not None:
            Path(new).chmod(0o644)
            with contextlib.suppress(FileExistsError):
                os.link(new, target)
    finally:
        engine.dispose()
        if target is not None:
            Path(new).unlink()
