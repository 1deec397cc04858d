package io.licenserelay.config.site;

import io.licenserelay.text.WireNamed;

/** The forms in which a failure is told for alerting systems that want their own, ready to post. */
public enum Projection implements WireNamed {
    /** Bodies for PagerDuty's Events API v2. */
    PAGERDUTY,
    /** Bodies for ServiceNow's inbound events ({@code em_event}). */
    SERVICENOW,
    /** Bodies for Alertmanager's {@code POST /api/v2/alerts}. */
    ALERTMANAGER
}
