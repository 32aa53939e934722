import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import text

import storage.migrations
from storage.database import Database, DatabaseBehind, DatabaseReadOnly, DatabaseTooNew, DatabaseUnreachable
from storage.engines import open_engine
from storage.migrations import HEAD
from storage.tables import METADATA


def test_a_fresh_database_is_made_by_running_the_migrations(empty_url: str) -> None:
    database = Database(empty_url)
    database.migrate()
    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": False})
        assert compare_metadata(context, METADATA) == []
    database.close()


def test_the_code_knows_the_newest_revision_without_asking_alembic() -> None:
    config = Config()
    config.set_main_option("script_location", str(Path(storage.migrations.__file__).parent))
    assert ScriptDirectory.from_config(config).get_current_head() == HEAD


def test_replicas_that_start_together_migrate_once(empty_url: str) -> None:
    databases = [Database(empty_url) for _ in range(4)]
    with ThreadPoolExecutor(4) as together:
        list(together.map(lambda database: database.migrate(), databases))
    with databases[0].engine.connect() as connection:
        assert connection.execute(text("SELECT version_num FROM alembic_version")).scalars().all() == [HEAD]
    for database in databases:
        database.close()


def test_a_current_database_starts_without_loading_the_migration_tool(url: str) -> None:
    _migrate(url)
    script = (
        "import sys; from storage.database import Database; db = Database(sys.argv[1]); db.migrate(); db.close(); "
        "print('alembic' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", script, url], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


def test_a_database_of_a_later_version_is_refused_with_what_to_do(url: str) -> None:
    database = Database(url)
    database.migrate()
    with database.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(
        DatabaseTooNew, match=r"later version of Tocsin \(to 9999; this one knows up to .*install"
    ):
        database.migrate()
    database.close()


def test_a_read_only_database_is_refused_in_one_sentence(url: str, kind: str) -> None:
    _migrate(url)
    closed_to_us = _read_only(url, kind)
    with pytest.raises(DatabaseReadOnly, match="read"):
        _migrate(closed_to_us)


def test_looking_at_a_database_that_is_not_there_yet_makes_nothing(empty_url: str, tmp_path: Path) -> None:
    with pytest.raises(DatabaseBehind, match="`tocsin run`") as behind:
        _check(empty_url)
    assert behind.value.found is None
    assert not (tmp_path / "tocsin.db").exists()
    with closing(Database(empty_url)) as database, database.engine.connect() as connection:
        assert not connection.dialect.has_table(connection, "incident")


def test_a_database_of_an_earlier_version_is_told_from_a_current_one(url: str) -> None:
    _migrate(url)
    _check(url, writable=True)
    with closing(Database(url)) as database, database.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '0001'"))
    with pytest.raises(DatabaseBehind, match="tocsin db migrate") as behind:
        _check(url)
    assert behind.value.found == "0001"


def test_reading_alone_needs_no_right_to_write(url: str, kind: str) -> None:
    _migrate(url)
    closed_to_us = _read_only(url, kind)
    _check(closed_to_us)
    with pytest.raises(DatabaseReadOnly, match="give the bot's user write access"):
        _check(closed_to_us, writable=True)


def test_a_missing_folder_and_a_damaged_file_are_named(tmp_path: Path) -> None:
    with pytest.raises(DatabaseUnreachable, match="does its folder exist"):
        _migrate(f"sqlite:///{tmp_path}/nowhere/tocsin.db")
    (tmp_path / "letter.db").write_text("Dear database, " * 1000)
    with pytest.raises(DatabaseUnreachable, match="not an intact SQLite database"):
        _migrate(f"sqlite:///{tmp_path}/letter.db")


@pytest.mark.parametrize("address", ["tocsin.db", "mysql://db.acme.example/tocsin", ""])
def test_an_address_that_is_none_is_answered_with_one_that_works(address: str) -> None:
    with pytest.raises(DatabaseUnreachable, match=r"sqlite:///tocsin\.db or postgresql://"):
        open_engine(address)


def test_a_database_that_would_forget_everything_is_refused() -> None:
    with pytest.raises(DatabaseUnreachable, match="name a file"):
        open_engine("sqlite://")


def test_an_absent_server_is_named_without_its_password() -> None:
    with pytest.raises(DatabaseUnreachable, match=r"is it running") as refused:
        _migrate("postgresql://tocsin:s3cret@127.0.0.1:1/tocsin")
    assert "s3cret" not in str(refused.value)


def test_a_migration_that_fails_leaves_nothing_half_made(empty_url: str) -> None:
    database = Database(empty_url)
    with database.engine.begin() as connection:
        connection.execute(text("CREATE TABLE evidence (something TEXT)"))
    with pytest.raises(Exception, match="evidence"):
        database.migrate()
    with database.engine.connect() as connection:
        assert not connection.dialect.has_table(connection, "incident")
    database.close()


def _read_only(url: str, kind: str) -> str:
    if kind == "sqlite":
        return url.replace("sqlite:///", "sqlite:///file:") + "?mode=ro&uri=true"
    return url + "?options=-c%20default_transaction_read_only%3Don"


def _check(url: str, *, writable: bool = False) -> None:
    with closing(Database(url)) as database:
        database.check(writable=writable)


def _migrate(url: str) -> None:
    with closing(Database(url)) as database:
        database.migrate()
