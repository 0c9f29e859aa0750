#!/usr/bin/env bash
# Tests a GPU machine in one go: loads TensorRT, builds the engine, checks it against the CPU, measures, and prints one table.
#
#   ./run.sh --jre DIR --jars DIR --libs DIR --out DIR [options]
#
#   --jre DIR            a Java runtime, 17 or newer (bin/java in it); without it JAVA_HOME, then java on the PATH
#   --jars DIR           the jars: target/dist/lib of this module; without it that directory here
#   --libs DIR           TensorRT's and CUDA's libraries; without it the system's
#   --out DIR            results.json, stages/*.json, logs/*.log; made if it does not exist
#   --work DIR           weights, export and plans, which a later run uses again (OUT/work)
#   --engine NAME        tensorrt, or onnx to rehearse on a CPU (tensorrt)
#   --shape NAME         tiny, small or large (large)
#   --precision NAME     fp16 or bf16 (fp16)
#   --profiles LIST      tokens to which attention pads rows (64,128,384,512)
#   --batch-tokens N     padded tokens of one batch (16384; onnx 2048)
#   --lanes N            batches at the same time (2)
#   --minutes N          time for everything; later stages are shortened or skipped (8)
#   --soak-minutes N     time of the memory test, beyond --minutes (0: what is left of --minutes)
#   --parity-texts N     texts compared with the CPU engine, if there is time for all (1000)
#   --only LIST          stages, e.g. S0,S1,S2
#   --seed N             of weights and texts (7)
#   --python CMD         a python3 that may have torch (python3)
#   --java-opts WORDS    further options of each stage's Java virtual machine
#
# Exit code: 0 all stages well or skipped, 1 a stage failed, 2 wrong options or something missing, 130 interrupted.
set -u

here=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd)

fail() {
    printf 'gpu-test: %s\n' "$1" >&2
    exit 2
}

usage() {
    sed -n '2,/^set -u/{/^#/s/^# \{0,1\}//p}' "${BASH_SOURCE[0]}"
}

jre= jars=$here/target/dist/lib libs= out= engine=tensorrt minutes=8 soak=0
rest=()
while [ $# -gt 0 ]; do
    case $1 in
    -h | --help)
        usage
        exit 0
        ;;
    --*=*)
        name=${1%%=*} value=${1#*=}
        shift
        ;;
    --*)
        [ $# -ge 2 ] || fail "$1 needs a value"
        name=$1 value=$2
        shift 2
        ;;
    *) fail "$1 is no option; --help lists them" ;;
    esac
    case $name in
    --jre) jre=$value ;;
    --jars) jars=$value ;;
    --libs) libs=$value ;;
    --out) out=$value ;;
    --engine) engine=$value rest+=("$name=$value") ;;
    --minutes) minutes=$value rest+=("$name=$value") ;;
    --soak-minutes) soak=$value rest+=("$name=$value") ;;
    --work | --shape | --precision | --profiles | --batch-tokens | --lanes | --parity-texts | --only | --seed | --python | --java-opts)
        rest+=("$name=$value")
        ;;
    *) fail "unknown option $name; --help lists them" ;;
    esac
done

find_java() {
    if [ -n "$jre" ]; then
        java=$jre/bin/java
        [ -e "$java" ] || fail "--jre: there is no $java"
        [ -x "$java" ] || fail "--jre: $java is not executable (chmod -R u+x $jre/bin $jre/lib/jspawnhelper)"
        # Without it Java can start no process, and each stage is one.
        [ ! -e "$jre/lib/jspawnhelper" ] || [ -x "$jre/lib/jspawnhelper" ] ||
            fail "--jre: $jre/lib/jspawnhelper is not executable (chmod u+x it)"
    elif [ -n "${JAVA_HOME:-}" ]; then
        java=$JAVA_HOME/bin/java
        [ -x "$java" ] || fail "JAVA_HOME is $JAVA_HOME, but there is no bin/java in it"
    else
        java=$(command -v java) || fail 'no Java found: give --jre DIR'
    fi
    answer=$("$java" -version 2>&1) || fail "$java does not run: $(printf '%s' "$answer" | head -n 1)"
    major=$(printf '%s\n' "$answer" | sed -n 's/.* version "\([0-9]*\).*/\1/p' | head -n 1)
    [ -n "$major" ] && [ "$major" -ge 17 ] || fail "$java is not Java 17 or newer: $(printf '%s' "$answer" | head -n 1)"
}

check_jars() {
    [ -d "$jars" ] || fail "--jars: there is no directory $jars"
    jars=$(cd -- "$jars" && pwd) || fail "--jars: $jars cannot be read"
    for name in nuner-gpu-test nuner-engine nuner-model nuner-server nuner-load gson onnxruntime tokenizers; do
        ls "$jars/$name"-*.jar >/dev/null 2>&1 || fail "--jars: there is no $name-*.jar in $jars"
    done
    if [ "$engine" = tensorrt ]; then
        for name in nuner-engine-trt javacpp cuda tensorrt; do
            ls "$jars/$name"-*.jar >/dev/null 2>&1 || fail "--jars: there is no $name-*.jar in $jars"
        done
    fi
}

check_libs() {
    [ -n "$libs" ] || return 0
    [ -d "$libs" ] || fail "--libs: there is no directory $libs"
    [ -r "$libs" ] && [ -x "$libs" ] || fail "--libs: $libs cannot be read"
    libs=$(cd -- "$libs" && pwd) || fail "--libs: $libs cannot be read"
    [ "$engine" = tensorrt ] || return 0
    for name in libnvinfer.so libnvonnxparser.so; do
        ls "$libs/$name"* >/dev/null 2>&1 || fail "--libs: there is no $name* in $libs"
    done
    for file in "$libs"/lib*.so*; do
        [ -r "$file" ] || fail "--libs: $file cannot be read"
        [ -s "$file" ] || fail "--libs: $file is empty"
    done
    for name in libcudart.so libnvinfer_builder_resource; do
        ls "$libs/$name"* >/dev/null 2>&1 ||
            printf 'gpu-test: warning: there is no %s* in %s; the system must have it\n' "$name" "$libs" >&2
    done
}

check_out() {
    [ -n "$out" ] || fail '--out DIR is missing'
    mkdir -p -- "$out" 2>/dev/null || fail "--out: $out cannot be made"
    out=$(cd -- "$out" && pwd) || fail "--out: $out cannot be entered"
    probe=$out/.probe.$$
    { head -c 1048576 /dev/zero >"$probe"; } 2>/dev/null || {
        rm -f -- "$probe"
        fail "--out: $out cannot be written to, or the disk is full"
    }
    rm -f -- "$probe"
}

find_java
check_jars
check_libs
check_out
[ -n "$libs" ] && rest+=("--libs=$libs")

# ONNX Runtime ends a process with a long command line, so the jars go into a variable.
export CLASSPATH="$jars/*"
# The engine looks for TensorRT there and nowhere else; LD_LIBRARY_PATH is for what those libraries load themselves.
[ -z "$libs" ] || export NUNER_TENSORRT_LIBRARIES="$libs" LD_LIBRARY_PATH="$libs${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}"
# A bare machine may have no home directory; the bindings' own libraries are unpacked here.
export XDG_CACHE_HOME="${XDG_CACHE_HOME:-$out/cache}"
export MALLOC_ARENA_MAX="${MALLOC_ARENA_MAX:-2}"
locale charmap 2>/dev/null | grep -qx UTF-8 || export LC_ALL=C.UTF-8

# The run keeps its own time; this is for the case that it does not.
seconds=$(awk -v m="$minutes" -v s="$soak" 'BEGIN { printf "%d", (m + s) * 60 + 150 }' 2>/dev/null) || seconds=86400
exec timeout --foreground --signal=INT --kill-after=30 "$seconds" \
    "$java" -Xmx512m -XX:+UseSerialGC -Djava.awt.headless=true "-Dnuner.gputest.home=$here" \
    io.nuner.gputest.GpuTest run "--out=$out" "${rest[@]}"
