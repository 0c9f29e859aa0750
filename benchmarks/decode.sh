#!/usr/bin/env bash
# Decoding one window beside the decoder of the time before windows: by processor time, which a busy machine does not spoil
# (printed, seconds; one run with its circumstances is results/decode.txt), then by JMH (results/decode.json, about 2 minutes on an idle core).
#
#   benchmarks/decode.sh [CORE]
set -euo pipefail
cd "$(dirname "$0")"
core=${1:-0}
(cd .. && ./mvnw -q -B -ntp -DskipTests -DskipStaticAnalysis -pl benchmarks/micro -am package)
CLASSPATH="$PWD/micro/target/nuner-micro-0.1.0-SNAPSHOT.jar:$PWD/micro/target/lib/*"
export CLASSPATH
java io.nuner.micro.decode.DecodeComparison
taskset -c "$core" java org.openjdk.jmh.Main DecodeTime -prof gc -rf json -rff results/decode.json
