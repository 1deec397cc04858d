#!/usr/bin/env bash
# What is not well right now: of each key the newest event, unless it is a resolve.
#   docker/examples/open-incidents.sh [BROKERS]        topic: TOPIC=license-relay.failures
set -euo pipefail
kcat -b "${1:-localhost:9092}" -C -e -q -t "${TOPIC:-license-relay.failures}" |
  jq -s -c 'group_by(.subject) | map(last | .data | select(.state != "resolve"))[]
    | {summary, severity, since: .firstSeenAt, seen: .occurrences, owner: .diagnosis.owner, next: .diagnosis.remedy[0]}'
