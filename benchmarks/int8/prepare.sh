# Sourced by rivals.sh, served.sh and footprint.sh: builds, makes a Python environment, and makes models, each once. Models and the
# environment lie below WORK (default: benchmarks/target/int8). RIVALS_PYTHON names a python that has requirements-rivals.txt already.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
work=${WORK:-$PWD/../target/int8}
results=$PWD/../results/int8
mkdir -p "$work" "$results"
work=$(cd "$work" && pwd)
classes="$PWD/../micro/target/nuner-micro-0.1.0-SNAPSHOT.jar:$PWD/../micro/target/lib/*"
nuner=$PWD/../../nuner

build() {
    (cd ../.. && ./mvnw -q -B -ntp -DskipTests -DskipStaticAnalysis -pl cli,benchmarks/micro -am package)
}

environment() {
    python=${RIVALS_PYTHON:-$work/rivals-env/bin/python}
    [ -n "${RIVALS_PYTHON:-}" ] && return
    [ -x "$python" ] || python3 -m venv "$work/rivals-env"
    "$python" -m pip install -q -r requirements-rivals.txt
}

# The directory of a checkpoint: checkpoint demo|tiny|small|large. Random ones have the seed 7, and a bias that makes about one word in ten
# an entity. Without it nearly every word of small is one, which makes decoding dear, and hardly any of large, which leaves nothing to compare.
checkpoint() {
    if [ "$1" = demo ]; then
        (cd ../../model/demo && pwd)
        return
    fi
    declare -A biases=([tiny]=0.3 [small]=0.11 [large]=-0.018)
    if [ ! -d "$work/rivals/$1/checkpoint" ]; then
        mkdir -p "$work/rivals/$1"
        java -Xmx2g -cp "$classes" io.nuner.model.testing.RandomCheckpoint "$1" 7 "$work/rivals/$1/checkpoint" "${biases[$1]}" >&2
    fi
    echo "$work/rivals/$1/checkpoint"
}

# Words that make `nuner export` and `nuner serve` take int8 weights whatever they lose: random weights lose more than trained ones.
accept_loss() {
    "$nuner" "$1" --help 2>/dev/null | grep -q -e --accept-loss && echo --accept-loss || true
}

# Our export of a model: export_of demo|small|large float32|int8
export_of() {
    if [ ! -d "$work/rivals/$1/$2" ]; then
        mkdir -p "$work/rivals/$1"
        accept=$([ "$2" = int8 ] && accept_loss export || true)
        # shellcheck disable=SC2086 # one word or none
        "$nuner" export --checkpoint "$(checkpoint "$1")" --weights "$2" $accept --out "$work/rivals/$1/$2" >&2
    fi
    echo "$work/rivals/$1/$2"
}

# The library's form of a model: library_of demo|small|large [--onnx]
library_of() {
    target=$work/rivals/$1/library
    if [ ! -d "$target" ] || { [ "${2:-}" = --onnx ] && [ ! -f "$target/model.onnx" ]; }; then
        "$python" rivals/library.py "$(checkpoint "$1")" "$(export_of "$1" float32)" "$target" ${2:+"$2"} >&2
    fi
    echo "$target"
}
