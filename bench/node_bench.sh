#!/bin/sh
# Warm hello jobs over HTTPS, each submitted, run, signed in batch, logged and answered with one
# request, over 32 kept connections; beside it a bare reply of the same server:
#   bench/node_bench.sh [BUILD [SECONDS [FOLDER]]]
# FOLDER is where the node's data goes: on which disk decides much (a memory file system: none).
set -eu
build=${1:-build/release}
seconds=${2:-5}
folder=$(mktemp -d "${3:-${TMPDIR:-/tmp}}/plasm-node-bench.XXXXXX")
plasmd=$build/bin/plasmd plasm=$build/bin/plasm load=$build/bench-bin/http_load
node=$folder/node client=$folder/client
mkdir "$node" "$client"
"$plasmd" client add --data-dir "$node" bench "$("$plasm" key --data-dir "$client" --fingerprint)" \
  --option unfinished=100000 --option running=100000 >"$folder/log"
"$plasmd" start --data-dir "$node" --listen 127.0.0.1:0 2>"$folder/log" &
server=$!
trap 'kill "$server" 2>/dev/null; wait "$server" 2>/dev/null || true; rm -rf "$folder"' EXIT
while ! grep -q ' ready' "$folder/log"; do sleep 0.05; done
url=https://$(sed -n 's/.*listening address="\(127[^"]*\)".*/\1/p' "$folder/log")
"$plasm" node add --data-dir "$client" --name bench "$url" --yes >"$folder/out"

# The first runs compile the module in both tiers.
"$plasm" run --data-dir "$client" --node bench examples/hello.wasm 'Hello, World!' >"$folder/out"
"$plasm" run --data-dir "$client" --node bench --dry-run examples/hello.wasm 'Hello, World!' \
  >"$folder/manifest.json"

used() { awk -v hz="$(getconf CLK_TCK)" '{ print ($14 + $15) * 1000000 / hz }' "/proc/$1/stat"; }
run() {
  name=$1
  shift
  before=$(used "$server")
  line=$("$load" --seconds "$seconds" --connections 32 --key "$client/client.key" "$@" "$url")
  printf '%-6s %s; plasmd %s us each\n' "$name" "$line" \
    "$(echo "$before $(used "$server") ${line%% *}" | awk '{ printf "%.1f", $3 ? ($2 - $1) / $3 : 0 }')"
}
run bare --target /healthz
run jobs --method POST --target '/v1/jobs?wait=30' --body-file "$folder/manifest.json" \
  --header 'Content-Type: application/vnd.plasm.job.v1+json'
awk '/^VmRSS/ { print "resident", $2, "KiB" }' "/proc/$server/status"
