#!/usr/bin/env bash
# Compares our engine with the library and its rivals on the same random weights, from texts to entities, batches of 1, 8 and 16, as they
# come and sorted by length. Writes results/int8/rivals-SHAPE.json and .md. What each side is: int8/README.md.
#
#   benchmarks/int8/rivals.sh large            about 15 minutes on two cores that do nothing else; the first run makes models and
#   benchmarks/int8/rivals.sh small            environment before that. small: about 5 minutes
#   benchmarks/int8/rivals.sh small --rounds 1 --batches 1:2,8:1 --sides ours-float32,ours-int8,onnx-int8     a look
#
# Options behind the shape: --rounds N, --batches SIZE:COUNT,..., --sides NAME,..., --out FILE. See prepare.sh for WORK and
# RIVALS_PYTHON. large needs 16 GB of memory and 8 GB of disk; the packages need 6 GB.
source "$(dirname "$0")/prepare.sh"
shape=${1:?small or large}
shift
build
environment
float32=$(export_of "$shape" float32) int8=$(export_of "$shape" int8) library=$(library_of "$shape" --onnx)
exec "$python" rivals/rivals.py --shape "$shape" --float32 "$float32" --int8 "$int8" --library "$library" --classes "$classes" \
    --work "$work/rivals/$shape" --out "$results/rivals-$shape.json" "$@"
