#!/usr/bin/env bash
# Measures memory, start and export of our server in float32 and int8, for the demo model and a random one of the large shape. Writes
# results/int8/footprint.json and .md. What is measured: int8/README.md.
#
#   benchmarks/int8/footprint.sh                                     about 5 minutes on two cores that do nothing else
#   MODELS=demo benchmarks/int8/footprint.sh --rounds 1              a look
#
# Options: --rounds N, --exports N, --seconds S of load, --out FILE; MODELS="demo large" chooses models. See prepare.sh for WORK.
# large needs 6 GB of memory and 8 GB of disk.
source "$(dirname "$0")/prepare.sh"
build
models=()
for name in ${MODELS:-demo large}; do
    path=$(checkpoint "$name")
    models+=(--model "$name=$path")
done
mkdir -p "$work/rivals"
exec "${RIVALS_PYTHON:-python3}" rivals/footprint.py "${models[@]}" --nuner "$nuner" --work "$work/rivals" \
    --export-options="$(accept_loss export)" --serve-options="$(accept_loss serve)" --out "$results/footprint.json" "$@"
