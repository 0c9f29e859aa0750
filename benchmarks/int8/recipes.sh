#!/usr/bin/env bash
# Compares recipes for int8 on the demo model and on a random DeBERTa, as they are and with planted outliers, and what they cost.
# Writes results/int8. What is compared, and how: int8/README.md.
#
#   benchmarks/int8/recipes.sh                 everything, about 30 minutes on two cores
#   TEXTS=20 benchmarks/int8/recipes.sh        a look: fewer texts, other figures
#
# Makes a Python environment with int8/requirements.txt below WORK (default: benchmarks/target/int8). Needs 6 GB of memory.
set -euo pipefail
cd "$(dirname "$0")"
work=${WORK:-$PWD/../target/int8}
texts=${TEXTS:-150}
results=../results/int8
mkdir -p "$work" "$results"
work=$(cd "$work" && pwd)
(cd ../.. && ./mvnw -q -B -ntp -DskipTests -DskipStaticAnalysis -pl cli,benchmarks/micro -am package)
[ -x "$work/env/bin/python" ] || python3 -m venv "$work/env"
"$work/env/bin/pip" install -q -r requirements.txt

export OPENBLAS_NUM_THREADS=1
samples=../../model/src/main/resources/io/nuner/model/samples.json
python() { "$work/env/bin/python" "recipes/$1.py" "${@:2}"; }
study() { python study "$work/$1" --samples "$samples" "${@:2}"; }

[ -d "$work/demo" ] || ../../nuner export --checkpoint ../../model/demo --out "$work/demo"
if [ ! -d "$work/small" ]; then
    java -Xmx2g -cp "../micro/target/nuner-micro-0.1.0-SNAPSHOT.jar:../micro/target/lib/*" \
        io.nuner.model.testing.RandomCheckpoint small 7 "$work/small-checkpoint"
    ../../nuner export --checkpoint "$work/small-checkpoint" --out "$work/small"
fi

study demo --texts ../data/sentences.jsonl --count "$texts" --out "$results/demo.json"
study demo --texts ../data/sentences.jsonl --count "$texts" --plants none,all-60 \
    --recipes smooth_columns,smooth_all_03,smooth_all_07,mixed --out "$results/demo-more.json"
study demo --texts ../../model/demo/parity.jsonl --count $((2 * texts)) --plants none,all-60 \
    --recipes tensor,token,smooth,columns --out "$results/demo-labels.json"
study small --random-weights --texts ../data/sentences.jsonl --count $((texts / 3)) --plants none,all-60 \
    --out "$results/small.json"
python stability "$work/demo" --samples "$samples" --texts ../data/sentences.jsonl --count "$texts" \
    --out "$results/demo-samples.json"
for batch in 1 8; do
    python cost "$work/small" --samples "$samples" --texts ../data/sentences.jsonl --batch "$batch" --batches $((16 / batch)) \
        --out "$results/cost-small-batch$batch.json"
done
python table "$results"/{demo,demo-more,demo-labels,demo-samples,small,cost-small-batch1,cost-small-batch8}.json >"$results/recipes.md"
