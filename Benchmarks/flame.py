"""A flame graph of one query: samples `tropa pipe` with perf while it answers the query again and
again. Needs perf (Debian: linux-perf) and Swift's demangler. Standard library only.

Usage: flame.py TROPA DATABASE QUERY OUT.svg [SECONDS]
"""

import collections
import html
import json
import os
import subprocess
import sys
import tempfile
import time


def record(tropa, database, query, seconds, data):
    """Samples one thread's worth of answers into the file `data`; returns their median time."""
    pipe = subprocess.Popen(
        [tropa, "pipe", database, "--read-only", "--threads", "1"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def ask():
        pipe.stdin.write(json.dumps({"query": query}) + "\n")
        pipe.stdin.flush()
        answer = json.loads(pipe.stdout.readline())
        if "error" in answer:
            sys.exit(f"flame: {answer['error']['message']}")
        return answer["millis"]

    ask()
    perf = subprocess.Popen(
        ["perf", "record", "-q", "-o", data, "-F", "2000", "-g", "-p", str(pipe.pid)])
    time.sleep(0.5)
    end = time.monotonic() + seconds
    times = []
    while time.monotonic() < end:
        times.append(ask())
    perf.terminate()
    perf.wait()
    pipe.stdin.close()
    pipe.wait()
    return sorted(times)[len(times) // 2]


def stacks(data):
    """Samples by call stack, the outermost function first."""
    text = subprocess.run(
        ["perf", "script", "-i", data, "-F", "ip,sym"], capture_output=True, text=True,
        check=True).stdout
    text = subprocess.run(
        ["swift", "demangle", "--simplified"], input=text, capture_output=True, text=True,
        check=True).stdout
    counts = collections.Counter()
    for sample in text.split("\n\n"):
        names = [line.split(maxsplit=1)[1] for line in sample.splitlines() if " " in line.strip()]
        if names:
            counts[tuple(reversed(names))] += 1
    return counts


class Frame:
    def __init__(self):
        self.samples = 0
        self.children = {}

    def add(self, names, count):
        self.samples += count
        if names:
            self.children.setdefault(names[0], Frame()).add(names[1:], count)

    def inner(self):
        """Without the calls on the way to the query, which have no time of their own."""
        for child in self.children.values():
            if child.samples > 0.9 * self.samples:
                return child.inner()
        return self

    def depth(self):
        return 1 + max((child.depth() for child in self.children.values()), default=0)


def draw(root, out, title):
    """Width is time; a function stands on what called it."""
    width, row = 1200, 17
    height = (root.depth() + 2) * row
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
        f'font-family="monospace" font-size="11">',
        f'<text x="4" y="13">{html.escape(title)}</text>',
    ]

    def frame(name, node, x, level):
        span = node.samples / root.samples * width
        if span < 0.5:
            return
        y = height - (level + 1) * row
        share = f"{100 * node.samples / root.samples:.1f} %"
        warmth = sum(name.encode()) % 90
        text = html.escape(name[: max(0, int(span / 6.7) - 1)])
        parts.append(
            f'<g><title>{html.escape(name)}, {share}</title>'
            f'<rect x="{x:.1f}" y="{y}" width="{max(span - 0.3, 0.2):.1f}" height="{row - 1}" '
            f'fill="rgb(250,{130 + warmth},90)"/><text x="{x + 2:.1f}" y="{y + 12}">{text}</text></g>')
        for child, node in sorted(node.children.items()):
            frame(child, node, x, level + 1)
            x += node.samples / root.samples * width

    frame("all", root, 0, 0)
    with open(out, "w", encoding="utf-8") as file:
        file.write("\n".join(parts) + "\n</svg>\n")


def main():
    if len(sys.argv) not in (5, 6):
        sys.exit(__doc__.strip())
    tropa, database, query, out = sys.argv[1:5]
    seconds = float(sys.argv[5]) if len(sys.argv) == 6 else 3
    with tempfile.TemporaryDirectory() as folder:
        data = os.path.join(folder, "perf.data")
        median = record(tropa, database, query, seconds, data)
        root = Frame()
        for names, count in stacks(data).items():
            root.add(names, count)
    if root.samples == 0:
        sys.exit("flame: perf took no samples; is the query too short, or perf not permitted?")
    draw(root.inner(), out, f"{query}: {median} ms, {root.samples} samples")
    print(f"{out}: {root.samples} samples, {median} ms a query")


main()
