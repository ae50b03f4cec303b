"""A real PostgreSQL server of Debian's package, for as long as the tests want it: on loopback, by a
plain user.
"""

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.support.machine import needed


def programs() -> Path:
    """The folder of initdb and pg_ctl."""
    return Path(needed("postgresql"))


def plain_user() -> dict[str, Any]:
    """PostgreSQL refuses to be run by root: Debian's own user for it then, else whoever we are."""
    if os.geteuid() != 0:
        return {}
    entry = pwd.getpwnam("postgres")
    return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}


@contextmanager
def postgresql() -> Iterator[str]:
    """The URL of an empty server, with a user that has a password."""
    folder = Path(tempfile.mkdtemp(prefix="postgresql-", dir="/tmp"))
    user = plain_user()
    if user:
        os.chown(folder, user["user"], user["group"])
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    secret = folder / "password"
    secret.write_text("open sesame\n")
    secret.chmod(0o644)

    def run(*command: str) -> None:
        done = subprocess.run(
            [str(programs() / command[0]), *command[1:]],
            cwd=folder,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
            **user,
        )
        log = folder / "log"
        assert done.returncode == 0, done.stdout + done.stderr + (log.read_text() if log.exists() else "")

    data = str(folder / "data")
    options = f"-c listen_addresses=127.0.0.1 -c port={port} -c unix_socket_directories={folder} -c fsync=off"
    try:
        run(
            "initdb",
            "-D",
            data,
            "-U",
            "teacher",
            f"--pwfile={secret}",
            "-A",
            "scram-sha-256",
            "-E",
            "UTF8",
            "--no-sync",
        )
        run("pg_ctl", "start", "-w", "-D", data, "-l", str(folder / "log"), "-o", options)
        try:
            yield f"postgresql+psycopg://teacher:open%20sesame@127.0.0.1:{port}/postgres"
        finally:
            run("pg_ctl", "stop", "-m", "immediate", "-D", data)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
