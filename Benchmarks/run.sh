#!/bin/sh
# What the engine reaches on this machine: import, size, opening, a few queries.
# Usage: run.sh TROPA [FOLDER]; CLIENTS, PRODUCTS and RUNS change the size and the repetitions.
set -eu
tropa=${1:?usage: run.sh path/to/tropa [folder]}
folder=${2:-${TMPDIR:-/tmp}/tropa-bench}
clients=${CLIENTS:-200000}
products=${PRODUCTS:-20000}
runs=${RUNS:-5}
here=$(cd "$(dirname "$0")" && pwd)
csv=$folder/csv-$clients-$products
database=$folder/bench.tropa
mkdir -p "$folder"

command -v python3 >/dev/null 2>&1 || { echo "bench: python3 is needed to measure" >&2; exit 1; }

if [ ! -e "$csv/about.csv" ]; then
  rm -rf "$csv"
  "$tropa" generate "$csv" --clients "$clients" --products "$products"
fi
rm -f "$database" "$database-lock"
PYTHONDONTWRITEBYTECODE=1 python3 "$here/measure.py" "$tropa" "$csv" "$database" "$clients" "$products" "$runs"
