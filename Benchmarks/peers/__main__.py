"""python -m peers TROPA [options]: measures and writes the report; see Benchmarks/README.md."""

import argparse
import json
import os
import tempfile

from . import report
from .runner import SCALES, Run, say


def main():
    parser = argparse.ArgumentParser(prog="peers", description=__doc__)
    parser.add_argument("tropa", help="the tropa program, a release build")
    parser.add_argument("--scales", nargs="+", choices=list(SCALES), default=["M"])
    parser.add_argument("--engines", nargs="+", default=["tropa", "duckdb", "kuzu", "ladybug",
                                                         "falkordb"],
                        help="tropa first; tropa-1 is Tropa on one thread")
    parser.add_argument("--queries", nargs="+", help="such as q03 x01; all if left out")
    parser.add_argument("--phases", nargs="+", default=["cold", "warm", "writes"],
                        choices=["cold", "warm", "writes"])
    parser.add_argument("--runs", type=int, default=5, help="after the warm-up")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--limit", type=float, default=120, help="seconds for one answer")
    parser.add_argument("--budget", type=float, default=0,
                        help="seconds for one engine and query: a slow one runs fewer times, "
                        "which the report says; 0 is no budget")
    parser.add_argument("--reuse", action="store_true", help="databases of an earlier run as they are")
    parser.add_argument("--folder", default=os.path.join(tempfile.gettempdir(), "tropa-peers"))
    parser.add_argument("--report", default="peers.md", help="the Markdown file to write")
    options = parser.parse_args()
    options.folder = os.path.abspath(options.folder)
    results = []
    for scale in options.scales:
        results.append(Run(options, scale).all())
        with open(os.path.join(options.folder, scale, "results.json"), "w") as file:
            json.dump(results[-1], file, ensure_ascii=False, indent=1)
    with open(options.report, "w") as file:
        file.write(report.markdown(results, options))
    say(f"wrote {options.report}")


main()
