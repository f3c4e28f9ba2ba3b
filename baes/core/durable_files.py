"""Writing files so that a crash leaves the old content or the new, and never a part of it."""

from __future__ import annotations

import contextlib
import errno
import hashlib
import json
import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from baes.errors import RequestFailed
from baes.texts import Message

__all__ = [
    "checksum",
    "file_errors_explained",
    "sha256_of",
    "sync_folder",
    "write_atomically",
    "write_synced",
]

_CAUSES = {
    errno.ENOSPC: "full",
    errno.EDQUOT: "quota",
    errno.EFBIG: "too_large",
    errno.EROFS: "read_only",
    errno.EACCES: "closed",
    errno.EPERM: "closed",
    errno.ENOTDIR: "no_folder",
}


@contextlib.contextmanager
def file_errors_explained(what: Message) -> Iterator[None]:
    """Turn an operating system's error about a file into one that a user can act on.

    Args:
        what: The clause that says what could not be done.

    Raises:
        RequestFailed: The block raised ``OSError``.
    """
    try:
        yield
    except OSError as error:
        place = f"{error.filename}: " if error.filename else ""
        key = f"core.error.file.{_CAUSES.get(error.errno or 0, 'other')}"
        cause = error.strerror or str(error)
        raise RequestFailed.of(key, what=what, place=place, cause=cause) from error


def write_synced(path: Path, content: bytes) -> None:
    """Write a new file, and return once it is on the disk."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def write_atomically(path: Path, content: bytes, *, private: bool = False) -> None:
    """Replace a file's content in one step.

    Args:
        path: The file; its folder is made when missing.
        content: All of the new content.
        private: Nobody but the user may read it.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(name).chmod(0o600 if private else 0o644)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Have the names in a folder on the disk; Windows offers no way and needs none."""
    if sys.platform == "win32":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def sha256_of(content: bytes) -> str:
    """The hash by which files are compared."""
    return hashlib.sha256(content).hexdigest()


def checksum(value: Any) -> str:
    """The hash of a JSON value, the same for any spacing and order of keys."""
    text = json.dumps(value, sort_keys=True, ensure_ascii=True, separators=(",", ":"))
    return sha256_of(text.encode("ascii"))
