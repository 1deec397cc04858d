#!/usr/bin/env bash
# Posts the bodies of a projection as they come; they are ready to post (relay.projections=pagerduty,servicenow,alertmanager).
# It keeps no position: for what must not miss any, use Vector or Kafka Connect.
#   docker/examples/forward.sh pagerduty https://events.pagerduty.com/v2/enqueue [BROKERS]
#   docker/examples/forward.sh alertmanager http://alertmanager:9093/api/v2/alerts [BROKERS]
# FROM=beginning starts with the oldest, ONCE=1 ends at the newest, TOPIC names another topic. PAGERDUTY_ROUTING_KEY is sent as a
# header where relay.projections.pagerduty.routingKey is not set.
set -euo pipefail
key=()
[ -z "${PAGERDUTY_ROUTING_KEY:-}" ] || key=(-H "X-Routing-Key: $PAGERDUTY_ROUTING_KEY")
kcat -b "${3:-localhost:9092}" -C -q -u -o "${FROM:-end}" ${ONCE:+-e} -t "${TOPIC:-license-relay.failures.$1}" |
  while IFS= read -r body; do
    printf '%s' "$body" | curl --fail --silent --show-error --output /dev/null --retry 5 --max-time 10 \
      -H 'content-type: application/json' ${key[@]+"${key[@]}"} --data-binary @- "$2"
  done
