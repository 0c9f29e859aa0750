#!/usr/bin/env bash
# Long texts on a running demo model: what windows find beside chunks and truncation, how soon the first spans of a document
# come, and what short texts feel of a document in flight. Writes results/documents-*.txt. About 25 minutes, alone on two cores.
#
#   TEXTS=FOLDER benchmarks/documents.sh
#
# FOLDER holds docs/*.txt, long documents, and sentences.jsonl, short texts.
set -euo pipefail
cd "$(dirname "$0")"
texts=${TEXTS:?name a folder with docs/ and sentences.jsonl}
port=${PORT:-18720}
work=${WORK:-$PWD/target/documents}
labels=(person location organization)
mkdir -p "$work" results
(cd .. && ./mvnw -q -B -ntp -DskipTests -DskipStaticAnalysis -pl cli,benchmarks/load -am package)
CLASSPATH="$PWD/load/target/classes:$PWD/../cli/target/dist/lib/*"
for folder in "$PWD"/../cli/target/dist/lib/*/; do CLASSPATH+=":$folder*"; done
export CLASSPATH

../nuner serve --port "$port" --metrics-port $((port + 1)) --drain-notice 0s >"$work/server.log" 2>&1 &
server=$!
trap 'kill "$server" 2>/dev/null || true' EXIT
until grep -q 'serving on' "$work/server.log"; do
    kill -0 "$server"
    sleep 1
done
peak() { awk '/^VmHWM/ { print "resident memory of the server, peak since its start: " $2 / 1024 " MB" }' "/proc/$server/status"; }

{
    peak
    java -Xmx512m io.nuner.load.document.FirstSpans "localhost:$port" \
        "$texts/docs/pg-60000-217_sons_and_lovers.txt" 100000 "${ROUNDS:-5}" "${labels[@]}"
    peak
} | tee results/documents-first-spans.txt
java -Xmx512m io.nuner.load.document.BesideDocument "localhost:$port" "$texts/sentences.jsonl" \
    "$texts/docs/pg-60000-217_sons_and_lovers.txt" 1048000 0.6 "${SIDE_SECONDS:-20}" 7 "${labels[@]}" |
    tee results/documents-beside.txt
java -Xmx512m io.nuner.load.document.ChunkComparison "localhost:$port" "$texts/docs" "${CHUNK_ROUNDS:-3}" "${labels[@]}" |
    tee results/documents-chunks.txt
