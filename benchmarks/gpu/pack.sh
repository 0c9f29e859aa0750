#!/usr/bin/env bash
# Packs what run.sh needs into pieces that fit through a narrow door, and joins them again on the other side.
#
#   ./pack.sh pieces DIR OUT [MIB]   DIR as OUT/<name>.tar.xz.000, .001, ... of at most MIB (60) each, and OUT/<name>.sha256
#   ./pack.sh join OUT NAME TARGET   checks the pieces, joins and unpacks them into TARGET
#   ./pack.sh libs TARGET            the libraries out of the redist jars in ~/.m2 (or $NUNER_M2), into TARGET
#   ./pack.sh jre TARGET             a small Java runtime, made by jlink of the JDK in JAVA_HOME or on the PATH
#
# XZ_OPT_LEVEL: options of xz (default: -6 -T0). The best known for libnvinfer.so, in 13 minutes of one core and 4 GB:
# XZ_OPT_LEVEL='--x86 --lzma2=preset=9,dict=384MiB'; unpacking then takes 400 MB. Without xz on the other side, python3 unpacks.
set -eu

fail() {
    printf 'pack: %s\n' "$1" >&2
    exit 2
}

usage() {
    sed -n '2,/^set -eu/{/^#/s/^# \{0,1\}//p}' "${BASH_SOURCE[0]}"
}

pieces() {
    [ $# -ge 2 ] || fail 'pieces needs DIR and OUT'
    dir=${1%/} out=$2 mib=${3:-60}
    [ -d "$dir" ] || fail "there is no directory $dir"
    case $mib in '' | *[!0-9]* | 0) fail "MIB must be a whole number of at least 1, but was $mib" ;; esac
    name=$(basename -- "$dir")
    mkdir -p -- "$out"
    rm -f -- "$out/$name.tar.xz."[0-9]* "$out/$name.sha256"
    # shellcheck disable=SC2086 # options are words
    tar -C "$dir" --owner=0 --group=0 --sort=name -cf - . | xz ${XZ_OPT_LEVEL:--6 -T0} -c |
        split -b "${mib}M" -d -a 3 - "$out/$name.tar.xz."
    (cd -- "$out" && sha256sum "$name.tar.xz."[0-9]* >"$name.sha256")
    printf 'pack: %s: %s pieces, %s bytes\n' "$name" "$(ls "$out/$name.tar.xz."[0-9]* | wc -l)" \
        "$(cat "$out/$name.tar.xz."[0-9]* | wc -c)"
}

unxz_stream() {
    if command -v xz >/dev/null; then
        xz -dc
    else
        python3 -c 'import lzma, shutil, sys; shutil.copyfileobj(lzma.open(sys.stdin.buffer), sys.stdout.buffer, 1 << 20)'
    fi
}

join() {
    [ $# -eq 3 ] || fail 'join needs OUT, NAME and TARGET'
    out=$1 name=$2 target=$3
    [ -f "$out/$name.sha256" ] || fail "there is no $out/$name.sha256"
    (cd -- "$out" && sha256sum --quiet -c "$name.sha256") || fail "a piece of $name is missing or damaged"
    mkdir -p -- "$target"
    set -o pipefail
    cat "$out/$name.tar.xz."[0-9]* | unxz_stream | tar -C "$target" -xf - || fail "$name does not unpack"
    printf 'pack: %s unpacked into %s\n' "$name" "$target"
}

libs() {
    [ $# -eq 1 ] || fail 'libs needs TARGET'
    m2=${NUNER_M2:-$HOME/.m2/repository}/org/bytedeco
    tensorrt=$(ls "$m2"/tensorrt/*/tensorrt-*-linux-x86_64-redist.jar 2>/dev/null | tail -n 1)
    cuda=$(ls "$m2"/cuda-redist/*/cuda-redist-*-linux-x86_64.jar 2>/dev/null | tail -n 1)
    [ -n "$tensorrt" ] || fail "there is no tensorrt-*-linux-x86_64-redist.jar under $m2"
    [ -n "$cuda" ] || fail "there is no cuda-redist-*-linux-x86_64.jar under $m2"
    mkdir -p -- "$1"
    take "$tensorrt" "$1" 'libnvinfer.so' 'libnvinfer_builder_resource' 'libnvonnxparser.so'
    take "$cuda" "$1" 'libcudart.so'
    ls -l "$1"
}

# take JAR TARGET PREFIX...: the files of the jar whose names begin so.
take() {
    python3 - "$@" <<'PYTHON'
import os, shutil, sys, zipfile
jar, target, prefixes = sys.argv[1], sys.argv[2], tuple(sys.argv[3:])
with zipfile.ZipFile(jar) as archive:
    names = [n for n in archive.namelist() if os.path.basename(n).startswith(prefixes)]
    if not names:
        sys.exit(f"pack: {jar} holds none of {prefixes}")
    for name in names:
        with archive.open(name) as source, open(os.path.join(target, os.path.basename(name)), "wb") as copy:
            shutil.copyfileobj(source, copy, 1 << 20)
PYTHON
}

jre() {
    [ $# -eq 1 ] || fail 'jre needs TARGET'
    jlink=${JAVA_HOME:+$JAVA_HOME/bin/}jlink
    command -v "$jlink" >/dev/null || fail 'there is no jlink; set JAVA_HOME to a JDK'
    [ ! -e "$1" ] || fail "$1 exists already"
    "$jlink" --add-modules java.base,java.logging,java.management,java.naming,java.sql,java.xml,jdk.httpserver,jdk.management,jdk.unsupported,jdk.zipfs \
        --strip-debug --no-header-files --no-man-pages --output "$1"
    du -sh "$1"
}

[ $# -ge 1 ] || {
    usage >&2
    exit 2
}
command=$1
shift
case $command in
pieces | join | libs | jre) "$command" "$@" ;;
-h | --help) usage ;;
*) fail "$command is none of pieces, join, libs, jre" ;;
esac
