#!/usr/bin/env bash
# Rehearses run.sh on a machine without a GPU: what it says to wrong options and missing pieces, and that a run goes on, or
# ends in order, when a stage hangs, crashes or fails, when time runs out, when it is interrupted, when the disk is full.
#
#   ./rehearse.sh [JARS [JRE]]    jars from ./mvnw -pl benchmarks/gpu -am package; about five minutes
set -u

here=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd)
jars=${1:-$here/target/dist/lib}
jre=${2:-}
scratch=$(mktemp -d)
trap 'chmod -R u+rwx "$scratch"; umount "$scratch/full" 2>/dev/null; rm -rf "$scratch"' EXIT
passed=0
failed=0

# run NAME WORDS...: run.sh on the CPU with the tiny model; output in $scratch/NAME.txt, exit code in $code.
run() {
    name=$1
    shift
    "$here/run.sh" ${jre:+--jre "$jre"} --jars "$jars" --out "$scratch/$name" "$@" >"$scratch/$name.txt" 2>&1
    code=$?
}

tiny() {
    run "$1" --engine onnx --shape tiny --profiles 64,128 --parity-texts 32 "${@:2}"
}

ok() {
    passed=$((passed + 1))
    printf 'ok      %s\n' "$1"
}

bad() {
    failed=$((failed + 1))
    printf 'FAILED  %s\n' "$1"
    tail -n 12 "$scratch/$name.txt" | sed 's/^/        /'
}

# expect WHAT CODE TEXT...: the last run ended with the code and its output has every text (a basic regular expression).
expect() {
    what=$1 wanted=$2
    shift 2
    for text in "$@"; do
        grep -q -- "$text" "$scratch/$name.txt" || {
            bad "$what: no line like '$text'"
            return
        }
    done
    [ "$code" = "$wanted" ] && ok "$what" || bad "$what: exit code $code, not $wanted"
}

# expect_json WHAT PATTERN...: the last run's results are one whole JSON object and have every pattern.
expect_json() {
    what=$1
    shift
    file=$scratch/$name/results.json
    python3 -c 'import json, sys; json.load(open(sys.argv[1]))' "$file" 2>/dev/null || {
        bad "$what: $file is no JSON"
        return
    }
    for text in "$@"; do
        tr -d '\n' <"$file" | grep -q -- "$text" || {
            bad "$what: results.json has nothing like '$text'"
            return
        }
    done
    ok "$what"
}

without_out() {
    "$here/run.sh" --jars "$jars" "$@" >"$scratch/$name.txt" 2>&1
    code=$?
}

printf '== wrong options and missing pieces\n'
name=help
without_out --help && expect 'help lists the options' 0 '--soak-minutes'
run unknown --speed 9 && expect 'an unknown option' 2 'unknown option --speed'
run word large && expect 'a word that is no option' 2 'large is no option'
run valueless --shape && expect 'an option without its value' 2 '--shape needs a value'
run shape --engine onnx --shape huge && expect 'a shape there is not' 2 '--shape.: expected one of .TINY, SMALL, LARGE. .* but was .huge'
run minutes --engine onnx --minutes never && expect 'minutes that are no number' 2 '--minutes.: .never. is not a double'
run only --engine onnx --only S1,S42 && expect 'a stage there is not' 2 'but named S42'
name=out && without_out --engine onnx && expect 'no directory for results' 2 '--out DIR is missing'
run jre --jre "$scratch/none" && expect 'a missing runtime' 2 'there is no .*none/bin/java'
mkdir -p "$scratch/old/bin" && printf '#!/bin/sh\necho openjdk version \\"11.0.2\\" >&2\n' >"$scratch/old/bin/java" && chmod +x "$scratch/old/bin/java"
run old --jre "$scratch/old" && expect 'a runtime that is too old' 2 'is not Java 17 or newer: openjdk version "11'
mkdir -p "$scratch/broken/bin" && printf 'not a program' >"$scratch/broken/bin/java"
run broken --jre "$scratch/broken" && expect 'a runtime that is not executable' 2 'is not executable (chmod'
name=jars && "$here/run.sh" --jars "$scratch/none" --out "$scratch/jars" >"$scratch/jars.txt" 2>&1
code=$? && expect 'a missing directory of jars' 2 '--jars: there is no directory'
mkdir "$scratch/fewjars" && cp "$jars"/nuner-*.jar "$scratch/fewjars"
name=fewjars.run && "$here/run.sh" --jars "$scratch/fewjars" --out "$scratch/o" >"$scratch/$name.txt" 2>&1
code=$? && expect 'a missing jar' 2 'there is no gson-\*.jar'
run nolibs --libs "$scratch/none" && expect 'a missing directory of libraries' 2 '--libs: there is no directory'
mkdir "$scratch/emptylibs" && run emptylibs.run --libs "$scratch/emptylibs" && expect 'a directory without TensorRT' 2 'there is no libnvinfer.so'
mkdir "$scratch/zerolibs" && : >"$scratch/zerolibs/libnvinfer.so.11" && : >"$scratch/zerolibs/libnvonnxparser.so.11"
run zerolibs.run --libs "$scratch/zerolibs" && expect 'a library that is empty' 2 'libnvinfer.so.11 is empty'
if [ "$(id -u)" != 0 ]; then
    mkdir "$scratch/closed" && chmod 000 "$scratch/closed"
    run closed.run --libs "$scratch/closed" && expect 'a directory of libraries that cannot be read' 2 'cannot be read'
else
    ln -s "$scratch/gone" "$scratch/zerolibs/libcublas.so.13" && printf x >"$scratch/zerolibs/libnvinfer.so.11" &&
        printf x >"$scratch/zerolibs/libnvonnxparser.so.11"
    run unreadable --libs "$scratch/zerolibs" && expect 'a library that cannot be read (a link to nothing; root reads all else)' 2 'libcublas.so.13 cannot be read'
fi
: >"$scratch/file" && name=outfile && "$here/run.sh" --jars "$jars" --engine onnx --out "$scratch/file/x" >"$scratch/outfile.txt" 2>&1
code=$? && expect 'a directory for results that cannot be made' 2 'cannot be made'

printf '== a full disk\n'
if mkdir "$scratch/full" && mount -t tmpfs -o size=512k none "$scratch/full" 2>/dev/null; then
    run full --engine onnx && expect 'a disk that is full from the start' 2 'the disk is full'
    umount "$scratch/full" && mount -t tmpfs -o size=3m none "$scratch/full"
    tiny full --work "$scratch/fullwork" --only S0,S1 && cp "$scratch/full/results.json" "$scratch/before.json"
    head -c 4000000 /dev/zero >"$scratch/full/ballast" 2>/dev/null
    head -c 1 /dev/zero >>"$scratch/full/ballast" 2>/dev/null
    NUNER_SKIP= tiny full --work "$scratch/fullwork" --only S0,S1
    expect 'a disk that is full on a second run' 2 'the disk is full'
    umount "$scratch/full"
else
    printf 'skipped a full disk: no tmpfs can be mounted here\n'
fi

printf '== runs\n'
tiny all --minutes 5 && expect 'all stages of the tiny model' 0 '^S5 .* ok ' '^S7 .* ok ' '^S9 .* ok ' 'stages: 8 ok, 0 failed'
expect_json 'its results' '"progress": "finished"' 'share of the engine' '"id": "S9"'
work=$scratch/all/work
tiny again --work "$work" --only S1,S6 && expect 'an export is used again' 0 'used again'
NUNER_GPUTEST_FAULT=S5=crash tiny crash --work "$work" --only S1,S2,S5,S6
expect 'a stage that crashes costs itself only' 1 '^S5 .* failed .*ended by SIGSEGV' '^S6 .* ok '
[ -s "$scratch/crash/logs/S5-crash.log" ] && ok 'its crash log is kept' || bad 'no crash log'
NUNER_GPUTEST_FAULT=S5=exit tiny exit --work "$work" --only S1,S2,S5,S6
expect 'a stage that exits' 1 '^S5 .* failed .*exit code 9' '^S6 .* ok '
NUNER_GPUTEST_FAULT=S1=fail tiny fail --work "$work" --only S0,S1,S2,S3
expect 'stages that need a failed one are skipped' 1 '^S1 .* failed .*a fault asked for' '^S2 .* skipped .*needs S1' '^S3 .* skipped'
NUNER_GPUTEST_FAULT=S6=hang tiny hang --work "$work" --only S1,S6,S7 --minutes 0.5
expect 'a stage that hangs is killed at its limit' 1 '^S6 .* timed out .*killed at its limit' '^S7'
grep -q 'Full thread dump' "$scratch/hang/logs/S6.log" && ok 'where it hung is in its log' || bad 'no thread dump'
NUNER_GPUTEST_FAULT=S2=hang tiny rescue --work "$work" --only S2,S2b,S6 --minutes 1.5
expect 'a build that hangs is tried again with one profile' 1 '^S2 .* timed out' '^S2b .* ok ' '^S6 .* ok '
tiny budget --work "$work" --minutes 0.3
expect 'what there is no time for is skipped and says so' 0 'skipped .*budget: .* s left, needs at least'
expect_json 'its results are whole' '"progress": "finished"' '"id": "S9"'

printf '== interrupted\n'
NUNER_GPUTEST_FAULT=S6=hang "$here/run.sh" ${jre:+--jre "$jre"} --jars "$jars" --out "$scratch/int" --work "$work" \
    --engine onnx --shape tiny --profiles 64,128 --only S1,S6,S7 >"$scratch/int.txt" 2>&1 &
pid=$!
name=int
for _ in $(seq 100); do
    grep -q '^\.\.\. S6' "$scratch/int.txt" 2>/dev/null && [ -e "$scratch/int/logs/S6.log" ] && break
    sleep 0.2
done
kill -INT "$pid" 2>/dev/null
wait "$pid"
code=$?
expect 'SIGINT in the middle' 130 '^S1 .* ok ' '^S6 .* interrupted' 'interrupted; '
expect_json 'partial results' '"progress": "interrupted"' '"status": "interrupted"'
pgrep -f "$scratch/int" >/dev/null && bad 'a process is left behind' || ok 'no process is left behind'

printf '== no driver\n'
run nodriver --shape tiny --work "$work" --minutes 2
expect 'TensorRT without a driver: the reason, no crash' 1 '^S0 .* failed .*tensorrt cannot be used' '^S2 .* failed' '^S5 .* skipped .*needs S2'

printf '== a device, as far as a script can pretend one\n'
mkdir "$scratch/bin" && cat >"$scratch/bin/nvidia-smi" <<'SMI'
#!/bin/sh
case "$*" in
*--loop*) i=80000; while :; do echo "$i"; i=$((i + 1)); sleep 1; done ;;
*) printf 'name, driver_version\nPretended, 580.0\n' ;;
esac
SMI
chmod +x "$scratch/bin/nvidia-smi"
PATH=$scratch/bin:$PATH tiny memory --work "$work" --only S0,S9 --soak-minutes 0.4
expect 'device memory is sampled and its slope told' 0 'device memory  *[56][0-9.]* MiB/min' '^S0 .* ok '

printf '== packing\n'
mkdir "$scratch/some" && head -c 5000000 /dev/urandom >"$scratch/some/libone.so" && printf two >"$scratch/some/libtwo.so"
name=pack
"$here/pack.sh" pieces "$scratch/some" "$scratch/packed" 2 >"$scratch/pack.txt" 2>&1 &&
    "$here/pack.sh" join "$scratch/packed" some "$scratch/unpacked" >>"$scratch/pack.txt" 2>&1
code=$?
expect 'pieces and back' 0 'some: 3 pieces' 'unpacked into'
diff -r "$scratch/some" "$scratch/unpacked" >/dev/null && ok 'the same files' || bad 'other files than before'
printf x >>"$scratch/packed/some.tar.xz.001"
"$here/pack.sh" join "$scratch/packed" some "$scratch/unpacked2" >"$scratch/pack.txt" 2>&1
code=$?
expect 'a damaged piece is refused' 2 'missing or damaged'

printf '%d passed, %d failed\n' "$passed" "$failed"
[ "$failed" = 0 ]
