"""The child process of an engine: `python -m peers.serve load|ask ENGINE …`, JSON line by line.

`load ENGINE CSV DATABASE THREADS` imports and prints the seconds, `about ENGINE` prints version and
configuration. `ask ENGINE DATABASE THREADS` reads requests {text, parameters, limit, rows} and answers
{millis, whole, process} with `rows` if wanted, or {error}. The first request opens the database within
`whole`: what a cold first answer takes without Python's own start.
"""

import importlib
import json
import sys
import time
from datetime import datetime

from .answers import plain


def peak_memory(process):
    """The most resident memory that a process has had, in bytes."""
    with open(f"/proc/{process}/status") as status:
        for line in status:
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) * 1024
    return 0


def engine_module(name):
    return importlib.import_module(f"peers.engines.{name}")


def decoded(value, as_seconds):
    if isinstance(value, dict):
        if "$localdatetime" in value:
            text = value["$localdatetime"]
            return plain(value) if as_seconds else datetime.fromisoformat(text)
        return {key: decoded(part, as_seconds) for key, part in value.items()}
    if isinstance(value, list):
        return [decoded(part, as_seconds) for part in value]
    return value


def load(name, csv, database, threads):
    module = engine_module(name)
    start = time.perf_counter()
    module.load(csv, database, int(threads))
    print(json.dumps({"seconds": time.perf_counter() - start}))


def about(name):
    """Kùzu and Ladybug cannot be imported into one process, so each is asked in its own."""
    module = engine_module(name)
    print(json.dumps({"version": module.VERSION, "configuration": module.CONFIGURATION}))


def ask(name, database, threads):
    module = engine_module(name)
    engine = None
    for line in sys.stdin:
        request = json.loads(line)
        parameters = decoded(request["parameters"], as_seconds=name == "falkordb")
        start = time.perf_counter()
        try:
            if engine is None:
                engine = module.Engine(database, int(threads))
            millis, fetch = engine.run(request["text"], parameters, request["limit"])
            answer = {"millis": millis, "whole": 1000 * (time.perf_counter() - start),
                      "process": engine.process}
            if request["rows"]:
                answer["rows"] = [[plain(value) for value in row] for row in fetch()]
        except Exception as error:  # Whatever an engine says is that engine's answer.
            answer = {"error": f"{type(error).__name__}: {error}".splitlines()[0][:300]}
        print(json.dumps(answer, ensure_ascii=False, default=str), flush=True)
    if engine is not None:
        engine.close()


if __name__ == "__main__":
    {"load": load, "ask": ask, "about": about}[sys.argv[1]](*sys.argv[2:])
