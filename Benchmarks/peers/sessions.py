"""Processes of engines that answer requests line by line, seen from the runner."""

import json
import os
import select
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass

from . import workload
from .answers import plain
from .engines import NODES, RELATIONSHIPS
from .serve import peak_memory


@dataclass
class Answer:
    millis: float = 0.0
    whole: float = 0.0
    rows: list | None = None
    error: str | None = None
    peak: int = 0


class Session:
    """One process with one open database. A request over its limit ends the process at the latest
    five seconds after it; the next request starts another."""

    def __init__(self, command):
        self.command = command
        self.process = None
        self.buffer = b""

    def start(self):
        self.process = subprocess.Popen(
            self.command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        self.buffer = b""

    def exchange(self, request, limit):
        """The answer's line as bytes, or None after the limit or the end of the process."""
        if self.process is None:
            self.start()
        self.process.stdin.write(json.dumps(request, ensure_ascii=False).encode() + b"\n")
        self.process.stdin.flush()
        end = time.monotonic() + limit + 5
        descriptor = self.process.stdout.fileno()
        parts = [self.buffer]
        while b"\n" not in parts[-1]:
            ready, _, _ = select.select([descriptor], [], [], max(end - time.monotonic(), 0))
            part = os.read(descriptor, 1 << 20) if ready else b""
            if not part:
                self.end()
                return None
            parts.append(part)
        line, _, self.buffer = b"".join(parts).partition(b"\n")
        return line

    def end(self):
        if self.process is not None:
            self.process.kill()
            self.process.communicate()
            self.process = None

    def close(self):
        if self.process is not None:
            try:
                self.process.communicate(timeout=60)
            except subprocess.TimeoutExpired:
                self.end()
            self.process = None


class PythonSession(Session):
    def __init__(self, engine, database, threads):
        super().__init__([sys.executable, "-m", "peers.serve", "ask", engine, database, str(threads)])

    def ask(self, text, parameters, limit, rows=False):
        request = {"text": text, "parameters": parameters, "limit": limit, "rows": rows}
        line = self.exchange(request, limit)
        if line is None:
            return Answer(error=f"over {limit:g} s or ended")
        answer = json.loads(line)
        if "error" in answer:
            return Answer(error=answer["error"])
        return Answer(answer["millis"], answer["whole"], answer.get("rows"),
                      peak=peak_memory(answer["process"]))


class TropaSession(Session):
    def __init__(self, tropa, database, threads):
        super().__init__([tropa, "pipe", database, "--threads", str(threads)])

    def ask(self, text, parameters, limit, rows=False):
        request = {"query": text, "params": parameters, "timeoutMillis": int(limit * 1000)}
        start = time.perf_counter()
        line = self.exchange(request, limit)
        whole = 1000 * (time.perf_counter() - start)
        if line is None:
            return Answer(error=f"over {limit:g} s or ended")
        if not rows and b'"error"' not in line[:20]:
            millis = float(line[line.rindex(b'"millis":') + 9:].split(b"}")[0].split(b",")[0])
            return Answer(millis, whole, peak=peak_memory(self.process.pid))
        answer = json.loads(line)
        if "error" in answer:
            return Answer(error=answer["error"]["message"])
        rows = [[plain(value) for value in row] for row in answer["rows"]]
        return Answer(answer["millis"], whole, rows, peak=peak_memory(self.process.pid))

    def profile(self, text, parameters, limit):
        """The plan of PROFILE as text."""
        line = self.exchange({"query": "PROFILE " + text, "params": parameters,
                              "timeoutMillis": int(limit * 1000)}, limit)
        return json.loads(line).get("plan", "") if line else ""


class Peer:
    """An engine as the runner knows it: its database of one scale, its sessions, its texts."""

    def __init__(self, name, tropa, database, threads):
        self.name, self.tropa, self.database = name, tropa, database
        self.threads = 1 if name == "tropa-1" else threads
        self.is_tropa = name.startswith("tropa")

    def session(self, database=None):
        database = database or self.database
        if self.is_tropa:
            return TropaSession(self.tropa, database, self.threads)
        return PythonSession(self.name, database, self.threads)

    def text(self, question):
        return question.text(self.name)

    def ask(self, session, question, values, limit, rows=False):
        text = self.text(question)
        return session.ask(text, workload.used(text, values), limit, rows)

    def import_files(self, csv):
        """Imports into a new database; the process's output and peak memory."""
        remove(self.database)
        if self.is_tropa:
            command = [self.tropa, "import", self.database]
            for label, name in NODES:
                command += ["--nodes", f"{label}={csv}/{name}.csv"]
            for kind, name, _, _ in RELATIONSHIPS:
                command += ["--relationships", f"{kind}={csv}/{name}.csv"]
        else:
            command = [sys.executable, "-m", "peers.serve", "load", self.name, csv, self.database,
                       str(self.threads)]
        return run_with_peak(command)

    def load(self, csv):
        """Imports, with keys on `id`: seconds (without the start of Python), the peak memory of
        the importing process, the size of the database."""
        start = time.perf_counter()
        output, peak = self.import_files(csv)
        if self.is_tropa:
            self.constrain()
            seconds = time.perf_counter() - start
        else:
            seconds = json.loads(output.splitlines()[-1])["seconds"]
        os.sync()
        return {"seconds": seconds, "peak": peak, "bytes": size(self.database)}

    def constrain(self):
        """What a user of look-ups by id declares, as the peers' primary keys and indexes."""
        session = self.session()
        for label, _ in NODES:
            answer = session.ask(f"CREATE CONSTRAINT {label.lower()}_id IF NOT EXISTS "
                                 f"FOR (n:{label}) REQUIRE n.id IS UNIQUE", {}, 600, True)
            if answer.error:
                raise SystemExit(f"tropa: {answer.error}")
        session.close()

    def evict(self):
        """Takes the database out of the page cache, as far as no process has it open."""
        paths = [os.path.join(root, file) for root, _, files in os.walk(self.database)
                 for file in files] or [self.database]
        for path in paths:
            try:
                descriptor = os.open(path, os.O_RDONLY)
            except OSError:
                continue
            os.posix_fadvise(descriptor, 0, 0, os.POSIX_FADV_DONTNEED)
            os.close(descriptor)

    def copy(self):
        """A copy of the database for the writes."""
        path = self.database + ".copy"
        remove(path)
        if os.path.isdir(self.database):
            shutil.copytree(self.database, path, ignore=shutil.ignore_patterns("socket"))
        else:
            shutil.copyfile(self.database, path)
        return path


def run_with_peak(command):
    """Standard output of a command, and the peak memory of its process."""
    with tempfile.TemporaryFile("w+") as output, tempfile.TemporaryFile("w+") as errors:
        process = subprocess.Popen(command, stdout=output, stderr=errors)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode != 0:
            errors.seek(0)
            raise SystemExit(f"{' '.join(command)[:200]} …\n{errors.read()[-2000:]}")
        output.seek(0)
        return output.read(), usage.ru_maxrss * 1024


def remove(path):
    for suffix in ("", ".wal", "-lock", ".lock"):
        target = path + suffix
        if os.path.isdir(target):
            shutil.rmtree(target)
        elif os.path.exists(target):
            os.unlink(target)


def size(path):
    if os.path.isdir(path):
        return sum(os.path.getsize(os.path.join(path, name)) for name in os.listdir(path)
                   if not name == "socket")
    return os.path.getsize(path)
