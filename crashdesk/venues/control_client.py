"""Asking a running worker for something, and where its socket is. Standard library only: the desk uses it."""

from __future__ import annotations

import json
import os
import socket
from hashlib import sha256
from pathlib import Path

from crashdesk.model.control import Command, encode_command
from crashdesk.model.errors import CrashdeskError

_TIMEOUT_S = 2.0
_MOST_BYTES = 4096


def control_path(runtime_dir: Path, recording: Path) -> Path:
    """The control socket of the worker that writes `recording` (short, for socket paths end at about 100 bytes)."""
    name = sha256(os.fsencode(os.path.realpath(recording))).hexdigest()[:16]
    return runtime_dir / f"worker-{name}.sock"


def send_command(path: Path, command: Command) -> None:
    """Send one command and wait for its acknowledgement.

    Raises CrashdeskError when nobody listens there or the worker refuses the command.
    """
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
            connection.settimeout(_TIMEOUT_S)
            connection.connect(str(path))
            connection.sendall(encode_command(command).encode() + b"\n")
            answer = _line(connection)
    except OSError as error:
        raise CrashdeskError(f"the recorder does not answer at {path}: {error.strerror or error}") from None
    try:
        reply = json.loads(answer)
    except ValueError:
        raise CrashdeskError(f"the recorder at {path} answers nonsense") from None
    if not isinstance(reply, dict) or reply.get("ok") is not True:
        reason = reply.get("error") if isinstance(reply, dict) else None
        raise CrashdeskError(f"the recorder refuses: {reason or 'no reason given'}")


def _line(connection: socket.socket) -> bytes:
    data = b""
    while not data.endswith(b"\n") and len(data) < _MOST_BYTES:
        part = connection.recv(_MOST_BYTES)
        if not part:
            break
        data += part
    return data
