#!/usr/bin/env bash
# Serves the demo model for a long time under mixed load and looks at what grows; writes results/soak.json and .csv.
#
#   benchmarks/soak.sh MINUTES RATE [CORE]
#
# RATE is calls a second: 80 % of what `nuner bench --concurrency 16` reaches. Of the calls a tenth is cancelled, a tenth has a
# deadline of 1 to 20 ms, a tenth is malformed; once a minute a further client is killed in the middle of its calls. With CORE,
# server and load run on that core alone, so that the other ones stay free for other work. Resident memory, threads and open
# files of the server are read every 10 s; the slope is a least-squares line from minute 15 on (or from a quarter of a shorter run).
set -euo pipefail
cd "$(dirname "$0")"
minutes=$1
rate=$2
pin=(env)
[ -z "${3:-}" ] || pin=(taskset -c "$3")
port=${PORT:-18900}
work=${WORK:-$PWD/target/soak}
mkdir -p "$work" results
csv=results/soak.csv

[ -d ../cli/target/dist/lib ] || ../nuner build
"${pin[@]}" ../nuner serve --port "$port" --metrics-port $((port + 1)) 2>"$work/server.log" &
server=$!
trap 'kill "$server" 2>/dev/null || true' EXIT
until grep -q 'serving on' "$work/server.log"; do
    kill -0 "$server"
    sleep 1
done

crash_clients() {
    while sleep 50; do
        "${pin[@]}" ../nuner bench --target "localhost:$port" --rate 4 --duration 60s >/dev/null 2>&1 &
        client=$!
        sleep 10
        kill -9 "$client" 2>/dev/null || true
        wait "$client" 2>/dev/null || true
    done
}
crash_clients &
crashing=$!
trap 'kill "$server" "$crashing" 2>/dev/null || true' EXIT

echo 'seconds,rss_kib,threads,files' >"$csv"
sample() {
    start=$(date +%s)
    while kill -0 "$server" 2>/dev/null; do
        rss=$(awk '/^VmRSS/ { print $2 }' "/proc/$server/status")
        threads=$(awk '/^Threads/ { print $2 }' "/proc/$server/status")
        files=$(ls "/proc/$server/fd" | wc -l)
        echo "$(($(date +%s) - start)),$rss,$threads,$files" >>"$csv"
        sleep 10
    done
}
sample &
sampling=$!
trap 'kill "$server" "$crashing" "$sampling" 2>/dev/null || true' EXIT

"${pin[@]}" ../nuner bench --target "localhost:$port" --rate "$rate" --duration "${minutes}m" --warm-up 0s \
    --cancels 0.1 --timeouts 0.1 --malformed 0.1 --json "$work/bench.json"
kill "$crashing" "$sampling"
curl -sf "http://localhost:$((port + 1))/metrics" >"$work/metrics.txt"
kill "$server"
wait "$server" || true
trap - EXIT

python3 - "$csv" "$work/bench.json" "$minutes" <<'P' | tee results/soak.json
import csv, json, sys
rows = [{k: float(v) for k, v in r.items()} for r in csv.DictReader(open(sys.argv[1]))]
begin = min(15 * 60, float(sys.argv[3]) * 15)
late = [r for r in rows if r["seconds"] >= begin]
def slope(key, begin):
    part = [r for r in rows if r["seconds"] >= begin]
    mx = sum(r["seconds"] for r in part) / len(part)
    my = sum(r[key] for r in part) / len(part)
    return sum((r["seconds"] - mx) * (r[key] - my) for r in part) / sum((r["seconds"] - mx) ** 2 for r in part)
bench = json.load(open(sys.argv[2]))
for step in bench["steps"]:
    step.pop("timeline", None)  # a line for each second
print(json.dumps({
    "minutes": float(sys.argv[3]),
    "samples_after_begin": len(late),
    "begin_seconds": begin,
    "rss_mib_first_last": [round(late[0]["rss_kib"] / 1024, 1), round(late[-1]["rss_kib"] / 1024, 1)],
    "rss_mib_per_10_minutes": round(slope("rss_kib", begin) * 600 / 1024, 3),
    "rss_mib_per_10_minutes_last_third": round(slope("rss_kib", float(sys.argv[3]) * 40) * 600 / 1024, 3),
    "threads_min_max": [min(r["threads"] for r in late), max(r["threads"] for r in late)],
    "files_min_max": [min(r["files"] for r in late), max(r["files"] for r in late)],
    "steps": bench["steps"],
}, indent=2))
P
