#!/bin/sh
# Bare replies of the HTTP server, over TLS and plain: bench/http_bench.sh [BUILD [SECONDS]]
# Then what 1,000 idle connections add to its memory: an error from 32 MiB on.
set -eu
bin=${1:-build/release}/bench-bin
seconds=${2:-5}
folder=$(mktemp -d)
: >"$folder/where"
: >"$folder/idle"
"$bin/http_server" --listen 127.0.0.1:0 --unix "$folder/socket" >>"$folder/where" &
server=$!
trap 'kill "$server" 2>/dev/null; rm -rf "$folder"' EXIT
while [ "$(wc -l <"$folder/where")" -lt 2 ]; do sleep 0.01; done
url=$(head -n 1 "$folder/where" | cut -d' ' -f1)

# Processor time that the server has used, in microseconds; it holds still on a busy machine.
used() { awk -v hz="$(getconf CLK_TCK)" '{ print ($14 + $15) * 1000000 / hz }' "/proc/$server/stat"; }
resident() { awk '/^VmRSS/ { print $2 }' "/proc/$server/status"; }
run() {
  name=$1
  shift
  before=$(used)
  line=$("$bin/http_load" --seconds "$seconds" "$@")
  printf '%-20s %s; server %s us each\n' "$name" "$line" \
    "$(echo "$before $(used) ${line%% *}" | awk '{ printf "%.1f", $3 ? ($2 - $1) / $3 : 0 }')"
}

run 'TLS' "$url"
run 'TLS, other thread' --target /await "$url"
run 'TLS, PUT of 4 KiB' --method PUT --body-bytes 4096 "$url"
run 'plain' "unix:$folder/socket"
run 'plain, other thread' --target /await "unix:$folder/socket"

before=$(resident)
"$bin/http_load" --idle --connections 1000 --seconds 3 "$url" >>"$folder/idle" &
while [ ! -s "$folder/idle" ]; do sleep 0.01; done
more=$(($(resident) - before))
printf '%-20s %s KiB more, %s KiB in all\n' '1,000 idle over TLS' "$more" "$(resident)"
wait $!
[ "$more" -lt 32768 ] || { echo 'http_bench: that is not under 32 MiB' >&2; exit 1; }
