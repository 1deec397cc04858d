#!/usr/bin/env bash
# Checks these examples against a broker with events on it and all projections, as `./license-relay demo` leaves it; says what it
# could not check.
#   docker/examples/check.sh [BROKERS]
# Needs kcat, jq and curl (apt install kcat jq curl); with prometheus-alertmanager also the Alertmanager leg.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
brokers=${1:-localhost:9092}
work=$(mktemp -d)
trap 'rm -rf "$work"; [ -z "${alertmanager:-}" ] || kill "$alertmanager"' EXIT

fail() { echo "✗ $1" >&2; exit 1; }
well() { echo "✓ $1"; }
events() { kcat -b "$brokers" -C -e -q -t license-relay.failures; }

events > "$work/events"
[ -s "$work/events" ] || fail "no event on license-relay.failures at $brokers"
jq -e -s 'all(.specversion == "1.0" and (.data.state | IN("trigger", "update", "resolve")))' "$work/events" > "$work/out" ||
  fail "kcat | jq does not read the events"
well "kcat | jq reads $(wc -l < "$work/events") events"

"$here/open-incidents.sh" "$brokers" > "$work/open"
wanted=$(jq -s '[group_by(.data.dedupKey)[] | last | select(.data.state != "resolve")] | length' "$work/events")
[ "$(wc -l < "$work/open")" = "$wanted" ] || fail "open-incidents.sh"
well "open-incidents.sh: $wanted open"

[ -z "$(NOW=2000-01-01T00:00:00Z "$here/silent-relays.sh" "$brokers")" ] || fail "silent-relays.sh complains too early"
[ -n "$(NOW=2100-01-01T00:00:00Z "$here/silent-relays.sh" "$brokers")" ] || fail "silent-relays.sh never complains"
well "silent-relays.sh"

# PagerDuty's published limits of Events API v2.
kcat -b "$brokers" -C -e -q -t license-relay.failures.pagerduty > "$work/pagerduty"
[ "$(wc -l < "$work/pagerduty")" = "$(wc -l < "$work/events")" ] || fail "not every event has a body for PagerDuty"
jq -e -s 'all(
    (.event_action | IN("trigger", "resolve"))
    and (.dedup_key | length > 0 and length <= 255) and (.payload.summary | length > 0 and length <= 1024)
    and (.payload.source | length > 0) and (.payload.severity | IN("critical", "error", "warning", "info"))
    and (.payload.custom_details.relay | length > 0)
    and (tojson | utf8bytelength < 512 * 1024))' "$work/pagerduty" > "$work/out" || fail "the PagerDuty projection"
well "the PagerDuty projection keeps the limits of Events API v2 (not sent there)"

if command -v amtool > /dev/null && command -v prometheus-alertmanager > /dev/null; then
  amtool check-config "$here/alertmanager.yml" > "$work/out" || fail "alertmanager.yml: $(cat "$work/out")"
  well "alertmanager.yml, by amtool"
  url=http://127.0.0.1:19093
  prometheus-alertmanager --config.file="$here/alertmanager.yml" --storage.path="$work/am" --cluster.listen-address= \
    --web.listen-address=127.0.0.1:19093 > "$work/am.log" 2>&1 &
  alertmanager=$!
  curl --silent --retry 20 --retry-connrefused --retry-delay 1 "$url/-/ready" > "$work/out" || fail "Alertmanager does not start"
  FROM=beginning ONCE=1 "$here/forward.sh" alertmanager "$url/api/v2/alerts" "$brokers"
  active=$(amtool --alertmanager.url="$url" alert query -o json alertname=LicenseRelay | jq length)
  [ "$active" = "$wanted" ] || fail "Alertmanager has $active active alerts, $wanted incidents are open"
  well "forward.sh alertmanager, by Alertmanager: triggers are taken, resolves end them"
else
  echo "– alertmanager.yml: amtool and prometheus-alertmanager are not here"
fi
echo "– vector.yaml and eda-rulebook.yml: not checked by this script"
