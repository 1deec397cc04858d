package io.licenserelay.site;

import java.util.Locale;

/** The forms in which a failure is told for alerting systems that want their own, ready to post. */
public enum Projection {
    /** Bodies for PagerDuty's Events API v2. */
    PAGERDUTY,
    /** Bodies for ServiceNow's inbound events ({@code em_event}). */
    SERVICENOW,
    /** Bodies for Alertmanager's {@code POST /api/v2/alerts}. */
    ALERTMANAGER;

    /** As in {@code relay.projections}, and at the end of its topic's name. */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }
}
