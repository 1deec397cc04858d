#!/usr/bin/env bash
# A dead man's switch: sites whose next event is overdue, with a quarter of an hour of grace. Prints nothing when all is well.
#   docker/examples/silent-relays.sh [BROKERS]         topic: TOPIC=license-relay.syncs, now: NOW=2026-01-13T12:00:00Z
set -euo pipefail
kcat -b "${1:-localhost:9092}" -C -e -q -t "${TOPIC:-license-relay.syncs}" |
  jq -s -c --arg now "${NOW:-$(date -u +%FT%TZ)}" 'def at: sub("\\.[0-9]+"; "") | fromdate;
    group_by(.subject) | map(last | .data | select((.nextDueAt | at) + 900 < ($now | at)))[]
    | {site, account, outcome, nextDueAt}'
