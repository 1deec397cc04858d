# A failure event as PagerDuty's Events API v2 wants it (POST https://events.pagerduty.com/v2/enqueue). Nothing comes out while an
# incident that flaps is well for the time being: every trigger alerts somebody.
.data
| select(.well != true)
| {
    routing_key: (env.PAGERDUTY_ROUTING_KEY // "set PAGERDUTY_ROUTING_KEY"),
    event_action: (if .state == "resolve" then "resolve" else "trigger" end),
    dedup_key: .dedupKey,
    client: "License Relay",
    payload: {
      summary, severity, component,
      source: .node,
      timestamp: .run.startedAt,
      group: .site,
      class: .diagnosis.code,
      custom_details: {
        cause: .diagnosis.title, confidence: .diagnosis.confidence, owner: .diagnosis.owner,
        remedy: .diagnosis.remedy, because: .diagnosis.because, impact: .impact.text, changed, occurrences
      }
    }
  }
