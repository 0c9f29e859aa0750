#!/usr/bin/env bash
# Requests a second through gate, ring and batcher on one core, and what the batcher's thread allocates (JMH); then the
# comparison of batching rules in simulation. Writes results/batcher.json and results/batching-rules.json.
#
#   benchmarks/batcher.sh [CORE]
set -euo pipefail
cd "$(dirname "$0")"
core=${1:-0}
(cd .. && ./mvnw -q -B -ntp -DskipTests -DskipStaticAnalysis -pl benchmarks/micro -am package)
CLASSPATH="$PWD/micro/target/nuner-micro-0.1.0-SNAPSHOT.jar:$PWD/micro/target/lib/*"
export CLASSPATH
taskset -c "$core" java org.openjdk.jmh.Main BatcherThroughput -prof gc -rf json -rff results/batcher.json
java io.nuner.micro.rules.BatchingRules 20000 >results/batching-rules.json
