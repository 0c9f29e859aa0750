#!/usr/bin/env bash
# Texts a second by unary calls, batches and one stream, on the demo model; writes results/forms.json.
#
#   benchmarks/forms.sh [TEXTS] [ROUNDS] [IN_FLIGHT]      (10,000 texts take minutes for each form and round)
#
# Server and client share the machine. TARGET names a server that runs already.
set -euo pipefail
cd "$(dirname "$0")"
texts=${1:-10000}
rounds=${2:-3}
in_flight=${3:-64}
work=${WORK:-$PWD/target/forms}
mkdir -p "$work" results
[ -d ../cli/target/dist/lib ] || ../nuner build
target=${TARGET:-}
if [ -z "$target" ]; then
    port=${PORT:-18910}
    target=localhost:$port
    ../nuner serve --port "$port" --drain-notice 0s 2>"$work/server.log" &
    server=$!
    trap 'kill "$server" 2>/dev/null || true' EXIT
    until grep -q 'serving on' "$work/server.log"; do
        kill -0 "$server"
        sleep 1
    done
fi
java -cp "../cli/target/dist/lib/*:../cli/target/dist/lib/load/*" io.nuner.load.forms.CallForms \
    "$target" "$texts" "$rounds" "$in_flight" | tee results/forms.json
