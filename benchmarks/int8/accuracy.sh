#!/usr/bin/env bash
# What int8 costs the demo model: its float32 and its int8 export beside each other on seven annotated test sets, by nuner eval --compare.
# Writes results/int8/accuracy.txt and accuracy.json.
#
#   benchmarks/int8/accuracy.sh DATA                    5,489 texts, each asked twice
#   LIMIT=50 benchmarks/int8/accuracy.sh DATA           a look: the first texts of each set, other figures
#   MODEL=CHECKPOINT RESULTS=FOLDER benchmarks/int8/accuracy.sh DATA      another model; results somewhere else
#
# DATA has the folders wikigold, crossner and wnut17 as model/demo/train/fetch_sources.py clones them. The sets are those of
# model/demo/README.md: WikiGold, CrossNER in five domains, WNUT 2017; nothing is converted.
set -euo pipefail
data=$(cd "${1:?name the folder with wikigold, crossner and wnut17}" && pwd)
cd "$(dirname "$0")"
model=$(cd "${MODEL:-../../model/demo}" && pwd)
work=${WORK:-$PWD/../target/int8-accuracy}
results=${RESULTS:-../results/int8}
mkdir -p "$work" "$results"
work=$(cd "$work" && pwd)
(cd ../.. && ./mvnw -q -B -ntp -DskipTests -DskipStaticAnalysis -pl cli -am package)

# An export of another day may be of another recipe.
rm -rf "$work"/{float32,int8} "$work"/*.json
for weights in float32 int8; do
    ../../nuner export --checkpoint "$model" --out "$work/$weights" --weights "$weights"
done

file() { # folder path
    local found
    found=$(find "$data/$1/" -path "*/$2" -type f | sort | head -n 1)
    if [ -z "$found" ]; then
        echo "accuracy.sh: no file $2 in $data/$1" >&2
        exit 1
    fi
    printf '%s\n' "$found"
}
compare() { # name file options
    echo "== $1" >&2
    ../../nuner eval --data "$2" "${@:3}" --limit "${LIMIT:-0}" --target "$work/float32" --compare "$work/int8" \
        --report "$work/$1.json"
}
wikigold=$(file wikigold wikigold.conll.txt)
wnut=$(file wnut17 emerging.test.annotated)
compare wikigold "$wikigold" --map PER=person,ORG=organization,LOC=location,MISC=
for domain in ai literature music politics science; do
    test=$(file crossner "$domain/test.txt")
    compare "crossner-$domain" "$test" --label-map ../../docs/evaluation/crossner.map
done
compare wnut17 "$wnut"

python3 accuracy_table.py "$work"/wikigold.json "$work"/crossner-{ai,literature,music,politics,science}.json "$work"/wnut17.json \
    --json "$results/accuracy.json" | tee "$results/accuracy.txt"
