"""The phases of one scale: data, imports, cold answers, warm rounds in turns, writes."""

import os
import statistics
import subprocess
import time

from . import workload
from .answers import difference
from .sessions import Peer, remove

SCALES = {"XS": 350, "S": 8_600, "M": 200_000, "L": 1_000_000}


def say(text):
    print(f"{time.strftime('%H:%M:%S')} {text}", flush=True)


def generated(tropa, folder, scale):
    """The folder of the CSV files, made if it is missing, and what they hold."""
    clients = SCALES[scale]
    csv = os.path.join(folder, "csv")
    if not os.path.exists(os.path.join(csv, "about.csv")):
        say(f"{scale}: generate")
        subprocess.run([tropa, "generate", csv, "--clients", str(clients)], check=True,
                       stdout=subprocess.DEVNULL)
    counts = {}
    for name in ("purchased", "viewed", "follows", "wrote", "about", "clients", "products"):
        with open(os.path.join(csv, name + ".csv"), "rb") as file:
            counts[name] = sum(block.count(b"\n") for block in iter(lambda: file.read(1 << 20), b""))
            counts[name] -= 1
    relationships = sum(counts[name] for name in ("purchased", "viewed", "follows", "wrote", "about"))
    size = sum(os.path.getsize(os.path.join(csv, name)) for name in os.listdir(csv)
               if not name.startswith("truth"))
    return csv, {"clients": counts["clients"], "products": counts["products"],
                 "relationships": relationships, "bytes": size}


def median(values):
    return statistics.median(values)


class Run:
    def __init__(self, options, scale):
        self.options, self.scale = options, scale
        self.folder = os.path.join(options.folder, scale)
        os.makedirs(self.folder, exist_ok=True)
        self.peers = [Peer(name, options.tropa, self.database(name), options.threads)
                      for name in options.engines]
        self.questions = [question for question in workload.READS
                          if not options.queries or question.name.split("_")[0] in options.queries]
        self.results = {"scale": scale, "load": {}, "cold": {}, "peak": {}, "warm": {},
                        "disagree": {}, "errors": {}, "writes": {}, "profiles": {}}

    def database(self, name):
        return os.path.join(self.folder, ("tropa" if name == "tropa-1" else name) + ".database")

    def all(self):
        self.csv, self.results["data"] = generated(self.options.tropa, self.folder, self.scale)
        data = self.results["data"]
        self.values = workload.parameters(data["clients"], data["products"])
        self.load()
        if "cold" in self.options.phases:
            self.cold()
        if "warm" in self.options.phases:
            self.warm()
        if "writes" in self.options.phases:
            self.writes()
        return self.results

    def error(self, peer, question, text):
        say(f"  {question.name} {peer.name}: {text}")
        self.results["errors"].setdefault(question.name, {})[peer.name] = text

    def load(self):
        for peer in self.peers:
            if peer.name == "tropa-1":
                continue
            if self.options.reuse and os.path.exists(peer.database):
                continue
            figures = peer.load(self.csv)
            say(f"{self.scale}: import {peer.name} {figures['seconds']:.1f} s, "
                f"{figures['bytes'] / 1e6:.0f} MB")
            self.results["load"][peer.name] = figures

    def cold(self):
        """A new process for each answer: its time with opening, the file evicted, and its peak."""
        say(f"{self.scale}: cold answers")
        for question in self.questions:
            for peer in self.peers:
                if peer.name == "tropa-1" or (
                        peer.name == "falkordb" and question.name != "q06_point_1hop"):
                    continue
                peer.evict()
                session = peer.session()
                answer = peer.ask(session, question, self.values, self.options.limit)
                session.close()
                if not answer.error:
                    self.results["cold"].setdefault(question.name, {})[peer.name] = answer.whole
                    self.results["peak"].setdefault(question.name, {})[peer.name] = answer.peak

    def warm(self):
        """Per question a warm-up of each engine, whose answers are compared, then rounds in turns."""
        say(f"{self.scale}: warm rounds")
        sessions = {peer.name: peer.session() for peer in self.peers}
        for question in self.questions:
            reference, ready, times, spent = None, [], {}, {}
            for peer in self.peers:
                start = time.monotonic()
                answer = peer.ask(sessions[peer.name], question, self.values, self.options.limit, True)
                spent[peer.name] = time.monotonic() - start
                if answer.error:
                    self.error(peer, question, answer.error)
                    continue
                if reference is None:
                    reference = answer.rows
                else:
                    what = difference(reference, answer.rows)
                    if what:
                        say(f"  {question.name} {peer.name} answers otherwise: {what[:300]}")
                        self.results["disagree"].setdefault(question.name, {})[peer.name] = what[:300]
                times[peer.name] = []
                ready.append(peer)
            for _ in range(self.options.runs):
                for peer in list(ready):
                    done = times[peer.name]
                    # Slow engines stop early, after at least one run, under --budget.
                    if done and self.options.budget and \
                            spent[peer.name] + done[-1] / 1000 > self.options.budget:
                        continue
                    answer = peer.ask(sessions[peer.name], question, self.values, self.options.limit)
                    if answer.error:
                        self.error(peer, question, answer.error)
                        ready.remove(peer)
                        continue
                    spent[peer.name] += answer.millis / 1000
                    done.append(answer.millis)
            self.results["warm"][question.name] = {
                name: values for name, values in times.items() if values}
            self.results.setdefault("rows", {})[question.name] = len(reference or [])
            say(f"  {question.name}: " + ", ".join(
                f"{name} {median(values):.2f}" for name, values in times.items() if values))
            self.profile(sessions, question, times)
        for session in sessions.values():
            session.close()

    def profile(self, sessions, question, times):
        """The plan where Tropa is not ahead of a graph engine, or 1.2 times behind DuckDB."""
        middle = {name: median(values) for name, values in times.items() if values}
        ours = middle.get("tropa")
        if ours is None:
            return
        behind = any(ours > value * (1.2 if name == "duckdb" else 1)
                     for name, value in middle.items() if not name.startswith("tropa"))
        if behind:
            text = question.cypher
            self.results["profiles"][question.name] = sessions["tropa"].profile(
                text, workload.used(text, self.values), self.options.limit)

    def writes(self):
        """On copies: single rows forty times, the large ones as often as the reads."""
        say(f"{self.scale}: writes")
        data = self.results["data"]
        peers = [peer for peer in self.peers if peer.name != "tropa-1"]
        copies = {peer.name: peer.copy() for peer in peers}
        sessions = {peer.name: peer.session(copies[peer.name]) for peer in peers}
        applied = {peer.name: [] for peer in peers}
        run = 0
        for question in workload.WRITES:
            times, spent = {peer.name: [] for peer in peers}, dict.fromkeys(applied, 0.0)
            count = 40 if question.name[:2] in ("w1", "w2") else self.options.runs
            for turn in range(count + 1):
                run += 1
                values = workload.write_parameters(data["clients"], data["products"], run)
                for peer in peers:
                    name = peer.name
                    over = turn > 1 and self.options.budget and spent[name] > self.options.budget
                    if over or name in self.results["errors"].get(question.name, {}):
                        continue
                    answer = peer.ask(sessions[name], question, values, self.options.limit)
                    if answer.error:
                        self.error(peer, question, answer.error)
                        continue
                    spent[name] += answer.millis / 1000
                    applied[name].append((question.name, run))
                    if turn > 0:
                        times[name].append(answer.millis)
            self.results["writes"][question.name] = {
                name: values for name, values in times.items() if values}
            say(f"  {question.name}: " + ", ".join(
                f"{name} {median(values):.2f}" for name, values in times.items() if values))
        self.compare_writes(peers, sessions, applied)
        for peer in peers:
            sessions[peer.name].close()
            remove(copies[peer.name])

    def compare_writes(self, peers, sessions, applied):
        reference = None
        for peer in peers:
            # An engine that was stopped early holds fewer rows and is not compared.
            if applied[peer.name] != applied[peers[0].name]:
                continue
            answer = peer.ask(sessions[peer.name], workload.AFTER_WRITES, {}, self.options.limit, True)
            if reference is None:
                reference = answer.rows
            elif answer.error or difference(reference, answer.rows):
                self.results["disagree"].setdefault("after_writes", {})[peer.name] = (
                    answer.error or difference(reference, answer.rows))
