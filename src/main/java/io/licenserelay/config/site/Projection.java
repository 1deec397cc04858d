package io.licenserelay.config.site;

import io.licenserelay.text.WireNamed;

/** Formats of failures for alerting systems, ready to be posted. */
public enum Projection implements WireNamed {
    /** Bodies for PagerDuty's Events API v2. */
    PAGERDUTY,
    /** Bodies for ServiceNow's inbound events ({@code em_event}). */
    SERVICENOW,
    /** Bodies for Alertmanager's {@code POST /api/v2/alerts}. */
    ALERTMANAGER
}
