#!/bin/sh
# The query workload beside other embedded engines; the options are those of `peers.sh TROPA --help`.
# Usage: peers.sh TROPA [options]. Packages and data go to TROPA_PEERS, else to tropa-peers in the
# system's temporary folder.
set -eu
tropa=${1:?usage: peers.sh path/to/tropa [options]}
shift
here=$(cd "$(dirname "$0")" && pwd)
folder=${TROPA_PEERS:-${TMPDIR:-/tmp}/tropa-peers}
python=$folder/venv/bin/python
pins=$here/peers/requirements.txt
mkdir -p "$folder"

if ! cmp -s "$pins" "$folder/installed.txt"; then
  command -v python3 >/dev/null 2>&1 || { echo "bench-peers: python3 is needed" >&2; exit 1; }
  python3 -m venv "$folder/venv"
  "$python" -m pip install --quiet --disable-pip-version-check -r "$pins"
  cp "$pins" "$folder/installed.txt"
fi
mkdir -p "$here/Results"
PYTHONPATH=$here PYTHONDONTWRITEBYTECODE=1 exec "$python" -m peers "$tropa" --folder "$folder" \
  --report "$here/Results/peers.md" "$@"
