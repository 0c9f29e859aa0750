#!/usr/bin/env bash
# Measures the packed graphs against the reference's export and the cost of serving; writes JSON to benchmarks/results.
#
#   benchmarks/run.sh small|large        (about 4 minutes each on two cores)
#
# Weights are random from a fixed seed, the texts are real. The reference's export is made by reference/export_reference.py
# in a Python environment with reference/requirements.txt; REFERENCE_PYTHON names its python. It takes 8 GB of memory and
# 10 GB of disk below WORK (default: benchmarks/target).
set -euo pipefail
cd "$(dirname "$0")"
shape=$1
work=${WORK:-$PWD/target}
mkdir -p "$work" results
(cd .. && ./mvnw -q -B -ntp -DskipTests -DskipStaticAnalysis -pl benchmarks/micro -am package)

CLASSPATH="$PWD/micro/target/nuner-micro-0.1.0-SNAPSHOT.jar:$PWD/micro/target/lib/*"
export CLASSPATH
run() { java -Xmx2g "$@"; }

[ -d "$work/$shape" ] || run io.nuner.model.testing.RandomCheckpoint "$shape" 7 "$work/$shape"
[ -d "$work/$shape-exported" ] || ../nuner export --checkpoint "$work/$shape" --out "$work/$shape-exported"
if [ ! -f "$work/$shape-reference/model.onnx" ]; then
    cp -n "$work/$shape-exported/tokenizer.json" "$work/$shape/"
    "${REFERENCE_PYTHON:?set it to a python with reference/requirements.txt}" \
        reference/export_reference.py "$work/$shape" "$work/$shape-reference"
fi

for rows in 8 1; do
    batches=$([ "$rows" = 8 ] && echo 8 || echo 40)
    run io.nuner.micro.EncoderThroughput "$work/$shape-exported" "$work/$shape-reference/model.onnx" \
        data/sentences.jsonl "$rows" "$batches" 7 2 | tee "results/throughput-$shape-batch$rows.json"
done
pairs=$([ "$shape" = large ] && echo 150 || echo 600)
run io.nuner.micro.ServingOverhead "$work/$shape-exported" data/sentences.jsonl "$pairs" 10 1 2 |
    tee "results/serving-$shape.json"
# for throughput: a lane of one thread for each core, which a call that takes a core for a moment cannot hold up both
run io.nuner.micro.ServingOverhead "$work/$shape-exported" data/sentences.jsonl 50 10 2 1 |
    tee "results/serving-$shape-two-lanes.json"
