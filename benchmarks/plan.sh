#!/usr/bin/env bash
# Compares the planner with a real server on three traces: short, long and mixed texts. Writes results/planner.json.
#
#   benchmarks/plan.sh                       on an engine that takes the time of a stated curve (about 12 minutes)
#   ENGINE=onnx SHARE=0.6 benchmarks/plan.sh     the demo model on a CPU; writes results/planner-onnx.json
#
# Each trace is offered at SHARE (0.8) of what the planner says one replica holds; ROUNDS (3) rounds of SECONDS (60) each, the
# traces in turn, by another seed each round. The planner then simulates the very arrivals of each run, once, with the server's
# table of that moment and the handover that an engine of constant time shows on this machine. Medians over rounds are compared. Runs in which the generator was late (see benchmarks/load) are told.
set -euo pipefail
cd "$(dirname "$0")"
engine=${ENGINE:-curve}
share=${SHARE:-0.8}
rounds=${ROUNDS:-3}
seconds=${SECONDS_EACH:-60}
port=${PORT:-18555}
work=${WORK:-$PWD/target/plan}
export NUNER_CURVE="${NUNER_CURVE:-fixed_us=4000,per_token_us=30,per_square_ns=20}"
rm -rf "$work"
mkdir -p "$work/lib" results
(cd .. && ./mvnw -q -B -ntp -DskipTests -DskipStaticAnalysis -pl cli,benchmarks/micro -am package)
cp ../cli/target/dist/lib/*.jar ../cli/target/dist/lib/*/*.jar micro/target/nuner-micro-0.1.0-SNAPSHOT.jar "$work/lib"
CLASSPATH="$work/lib/*"
export CLASSPATH MALLOC_ARENA_MAX=2
nuner() { java -XX:+UseSerialGC -Xms256m -Xmn160m "-Dnuner.home=$PWD/.." io.nuner.cli.Nuner "$@"; }

python3 - "$work" <<'PYTHON'
import json, sys
texts = [json.loads(line)["text"] for line in open("load/src/main/resources/io/nuner/load/texts.jsonl", encoding="utf-8")]
for name, least, most in (("short", 0, 30), ("long", 100, 10**6), ("mixed", 0, 10**6)):
    with open(f"{sys.argv[1]}/{name}.jsonl", "w", encoding="utf-8") as out:
        for text in texts:
            if least <= len(text.split()) <= most:
                out.write(json.dumps({"text": text}) + "\n")
PYTHON

serve() { # engine
    java -Xms256m -Xmx2g "-Dnuner.home=$PWD/.." io.nuner.cli.Nuner serve --engine "$1" --port "$port" \
        --calibration 3s --drain-notice 0s --drain-grace 1s >"$work/server.log" 2>&1 &
    server=$!
    for _ in $(seq 120); do
        ! grep -q 'serving on' "$work/server.log" || return 0
        sleep 1
    done
    echo "plan.sh: the server did not start, see $work/server.log" >&2
    exit 1
}
stop() {
    kill "$server" 2>/dev/null || true
    wait "$server" 2>/dev/null || true
}
trap stop EXIT
target=localhost:$port

offer() { # trace rate seconds seed name
    nuner bench --target "$target" --texts "$work/$1.jsonl" --rate "$2" --duration "$3s" --warm-up 5s --seed "$4" \
        --json "$work/$5.bench.json" --trace "$work/$5.trace.jsonl" >/dev/null 2>"$work/$5.log"
}

# What a batch takes from one to the next, much waiting, beyond what its run takes: microseconds.
NUNER_CURVE=fixed_us=10000 serve curve
nuner bench --target "$target" --texts "$work/short.jsonl" --concurrency 32 --duration 20s --warm-up 5s \
    --json "$work/handover.json" >/dev/null 2>"$work/handover.log"
stop
handover=$(python3 -c "
import json
step = json.load(open('$work/handover.json'))['steps'][0]
cycle = step['rates']['seconds'] / step['batches']['count'] * 1e6
print(max(0, round(cycle - step['batches']['inferenceMillis']['mean'] * 1e3)))")
serve "$engine"

declare -A rate
for trace in short long mixed; do
    offer "$trace" 20 60 1 "$trace-probe"
    nuner plan --target "$target" --trace "$work/$trace-probe.trace.jsonl" --slo p99=250ms \
        --handover "${handover}us" --json "$work/$trace-probe.json" \
        >/dev/null
    rate[$trace]=$(python3 -c "
import json
print(round(json.load(open('$work/$trace-probe.json'))['highestOfOne']['offered'] * $share, 1))")
done
for round in $(seq "$rounds"); do
    for trace in short long mixed; do
        name=$trace-$round
        offer "$trace" "${rate[$trace]}" "$seconds" "$round" "$name"
        nuner plan --target "$target" --trace "$work/$name.trace.jsonl" --slo p99=60s --max-refused 99% --texts 1 \
            --handover "${handover}us" --json "$work/$name.plan.json" >/dev/null
    done
done

out=results/planner$([ "$engine" = curve ] || echo "-$engine").json
CURVE=$([ "$engine" = curve ] && echo "$NUNER_CURVE" || echo "") python3 plan_compare.py "$work" "$rounds" | tee "$out"
