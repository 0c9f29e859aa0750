#!/usr/bin/env bash
# What a server does under more load than it can take, and what a flooding tenant does to another; writes results/overload.json,
# results/overload-grpcio.json and results/fairness-*.json.
#
#   benchmarks/overload.sh [SERVER_CORE [LOAD_CORE]]
#
# The engine takes the time of a stated curve and finds nothing (NUNER_CURVE); the queue may stand for QUEUE_DELAY. Capacity is
# the goodput of a closed loop of 64 calls. Then open loop, Poisson, without pause: 0.5, 0.8, 1, 1.5, 2, 5 and 10 times that, and
# 0.5 again, each call with a deadline of 1 s. GRPCIO_PYTHON names a python with load/requirements.txt for the independent client.
set -euo pipefail
cd "$(dirname "$0")"
server_pin=(env)
[ -z "${1:-}" ] || server_pin=(taskset -c "$1")
pin=(env)
[ -z "${1:-}" ] || pin=(taskset -c "${2:-$1}")
port=${PORT:-18700}
step=${SECONDS_EACH:-20}
delay=${QUEUE_DELAY:-100ms}
work=${WORK:-$PWD/target/overload}
export NUNER_CURVE="${NUNER_CURVE:-fixed_us=4000,per_token_us=60,per_square_ns=20}"
rm -rf "$work"
mkdir -p "$work/lib" results
(cd .. && ./mvnw -q -B -ntp -DskipTests -DskipStaticAnalysis -pl cli,benchmarks/micro -am package)
cp ../cli/target/dist/lib/*.jar ../cli/target/dist/lib/*/*.jar micro/target/nuner-micro-0.1.0-SNAPSHOT.jar "$work/lib"
CLASSPATH="$work/lib/*"
export CLASSPATH MALLOC_ARENA_MAX=2
nuner() { "${pin[@]}" java -XX:+UseSerialGC -Xms256m -Xmn160m "-Dnuner.home=$PWD/.." io.nuner.cli.Nuner "$@"; }

"${server_pin[@]}" java -Xms256m -Xmx1g "-Dnuner.home=$PWD/.." io.nuner.cli.Nuner serve --engine curve --port "$port" \
    --metrics-port $((port + 1)) --queue-delay "$delay" --calibration 3s --drain-notice 0s >"$work/server.log" 2>&1 &
server=$!
trap 'kill "$server" 2>/dev/null || true' EXIT
until grep -q 'serving on' "$work/server.log"; do
    kill -0 "$server"
    sleep 1
done
bench() { nuner bench --target "localhost:$port" --connections 16 "$@"; }
field() { python3 -c "import json, sys; print(json.load(open(sys.argv[1]))['steps'][0]['rates']['goodput'])" "$1"; }

bench --concurrency 64 --duration 15s --warm-up 5s --deadline 10s --json "$work/capacity.json" >/dev/null 2>&1
capacity=$(field "$work/capacity.json")
rates=$(python3 -c "print(','.join(str(round($capacity * f, 1)) for f in (.5, .8, 1, 1.5, 2, 5, 10, .5)))")
echo "capacity $capacity calls/s; offered $rates"
bench --rate "$rates" --duration "${step}s" --warm-up 10s --continuous --deadline 1s --json results/overload.json 2>"$work/overload.log"

if [ -n "${GRPCIO_PYTHON:-}" ]; then
    for factor in 0.8 2 10; do
        "${pin[@]}" "$GRPCIO_PYTHON" load/overload_grpcio.py --target "localhost:$port" --deadline 1 \
            --duration "$step" --rate "$(python3 -c "print(round($capacity * $factor, 1))")" ${GRPCIO_OPTIONS:-} \
            >"$work/grpcio-$factor.json"
    done
    python3 -c "
import json, sys
print(json.dumps({'capacity_per_second': $capacity, 'runs': [json.load(open(f)) for f in sys.argv[1:]]}, indent=2))" \
        "$work"/grpcio-*.json >results/overload-grpcio.json
fi

# a light tenant at 0.8 of its half: alone with a neighbour that keeps to its own half, then with one that floods
light=$(python3 -c "print($capacity * .4)")
for neighbour in 1 12.5; do
    total=$(python3 -c "print(round($light * (1 + $neighbour), 1))")
    bench --rate "$total" --tenants "light:1,neighbour:$neighbour" --duration "${step}s" --warm-up 10s --deadline 1s \
        --json "results/fairness-$neighbour.json" 2>"$work/fairness.log"
done
bench --rate "$light" --tenants light:1 --duration "${step}s" --warm-up 10s --deadline 1s \
    --json results/fairness-alone.json 2>"$work/fairness.log"

# and what an idle server costs: processor time over 30 s
ticks() { awk '{ print $14 + $15 }' "/proc/$server/stat"; }
sleep 5
before=$(ticks)
sleep 30
echo "idle: $(python3 -c "print(($(ticks) - $before) / $(getconf CLK_TCK) / 30 * 100)") % of one core over 30 s" |
    tee results/idle.txt
