#!/usr/bin/env bash
# Compares servers of the same model, the demo model and a random one of the small shape: ours in float32 and int8, the library behind
# FastAPI, the library's own on Ray. Writes results/int8/served.json and .md. What each is: int8/README.md.
#
#   benchmarks/int8/served.sh                                        about 12 minutes on two cores that do nothing else
#   benchmarks/int8/served.sh --rounds 1 --seconds 2 --sides ours-int8,fastapi       a look
#
# Options: --rounds N, --seconds S and --warm-up S of each load, --sides NAME,..., --ray-options WORDS, --out FILE; MODELS="demo small"
# chooses models. See prepare.sh for WORK and RIVALS_PYTHON.
source "$(dirname "$0")/prepare.sh"
build
environment
models=()
for name in ${MODELS:-demo small}; do
    float32=$(export_of "$name" float32) int8=$(export_of "$name" int8) library=$(library_of "$name")
    models+=(--model "$name=$float32,$int8,$library")
done
mkdir -p "$work/rivals"
exec "$python" rivals/served.py "${models[@]}" --nuner "$nuner" --work "$work/rivals" --out "$results/served.json" "$@"
