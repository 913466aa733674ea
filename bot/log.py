"""Log lines that hold an event's name and ids from a list, and nothing that a person wrote; not what is counted."""

from __future__ import annotations

import json
import logging
import sys
from datetime import UTC, datetime
from pathlib import Path

KEYS = ("code", "case_id", "delivery", "attempt", "count", "platform", "error", "kind", "place",
        "school_id", "task_id")  # fmt: skip
OWN = "rusplan"


class LineFormatter(logging.Formatter):
    """One JSON object a line. Of another library's record only where it comes from: its words may hold anything."""

    def format(self, record: logging.LogRecord) -> str:
        own = record.name.startswith(OWN)
        line: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "event": record.getMessage() if own else f"{record.name}:{record.lineno}",
        }
        line.update({key: value for key in KEYS if own and (value := getattr(record, key, None)) is not None})
        if record.exc_info and record.exc_info[0]:
            line["error"] = record.exc_info[0].__name__
            line["frames"] = _frames(record)
        return json.dumps(line, ensure_ascii=False)


def _frames(record: logging.LogRecord) -> list[str]:
    """Return where it failed, innermost last: files and lines, never a value."""
    frames: list[str] = []
    trace = record.exc_info[2] if record.exc_info else None
    while trace:
        code = trace.tb_frame.f_code
        frames.append(f"{Path(code.co_filename).name}:{trace.tb_lineno} {code.co_name}")
        trace = trace.tb_next
    return frames[-8:]


def start(level: int = logging.INFO) -> None:
    """Send all log lines to standard error, ours from `level` up and other libraries' warnings."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(LineFormatter())
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(logging.WARNING)
    logging.getLogger(OWN).setLevel(level)
