"""`rusplan manifest teams`: the app package as a file, for an administrator to upload."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from adapters.teams.manifest import is_package, package
from bot.settings import NO_PUBLIC_URL, BadSettings, public_url
from bot.settings_of_teams import APP_ID, id_faults


def write_package(environ: Mapping[str, str], file: Path) -> list[str]:
    """Write the package, whole or not at all; return why that can't be done, if it can't. Raise `BadSettings`.

    A file that is anything else than such a package stays as it is.
    """
    app_id, url = environ.get(APP_ID, "").strip().lower(), public_url(environ)
    faults = [*id_faults({APP_ID: app_id}, APP_ID)]
    if not url:
        faults.append(f"{NO_PUBLIC_URL} Teams når bare en slik.")
    if faults:
        raise BadSettings(faults)
    try:
        if file.exists() and not (file.is_file() and is_package(file)):
            return [
                f"{file} er noe annet enn en slik app-pakke, og blir ikke skrevet over. Velg et annet navn med --out."
            ]
        _write(file, package(app_id, url))
    except OSError as error:
        return [f"{file} kan ikke skrives: {error.strerror or type(error).__name__}."]
    return []


def _write(file: Path, content: bytes) -> None:
    beside = file.with_name(f".{file.name}.{os.getpid()}")
    try:
        beside.write_bytes(content)
        beside.replace(file)
    finally:
        beside.unlink(missing_ok=True)
