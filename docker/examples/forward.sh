#!/usr/bin/env bash
# Forwards failure events over HTTP as they come. It keeps no position: for what must not miss any, use Vector or Kafka Connect.
#   docker/examples/forward.sh pagerduty.jq https://events.pagerduty.com/v2/enqueue [BROKERS]
# FROM=beginning starts with the oldest, ONCE=1 ends at the newest, TOPIC names another topic.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
kcat -b "${3:-localhost:9092}" -C -q -u -o "${FROM:-end}" ${ONCE:+-e} -t "${TOPIC:-license-relay.failures}" |
  jq -c --unbuffered -f "$here/$1" |
  while IFS= read -r body; do
    printf '%s' "$body" | curl --fail --silent --show-error --output /dev/null --retry 5 --max-time 10 \
      -H 'content-type: application/json' --data-binary @- "$2"
  done
