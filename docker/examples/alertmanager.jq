# A failure event as Alertmanager wants it (POST http://alertmanager:9093/api/v2/alerts). Labels are an alert's identity, so
# nothing that changes while it lasts (cause, severity) is among them; endsAt keeps it alive until the next run is overdue.
[ .data
  | {
      labels: (((.labels // {}) | with_entries(.key |= gsub("[^a-zA-Z0-9_]"; "_")))
        + { alertname: "LicenseRelay", dedup_key: .dedupKey, site, flow, node } + (if .account then { account } else {} end)),
      annotations: {
        summary, severity, state,
        code: .diagnosis.code, cause: .diagnosis.title, owner: .diagnosis.owner,
        remedy: (.diagnosis.remedy | join("\n")), impact: (.impact.text // "")
      },
      startsAt: .firstSeenAt,
      endsAt: (if .state == "resolve" then .resolvedAt else .expiresAt end),
      generatorURL: .diagnosis.doc
    }
]
