package io.licenserelay.event.hook;

import io.licenserelay.text.WireNamed;
import java.time.Duration;

/** A named endpoint that does nothing unless a route file provides it. */
public enum Hook implements WireNamed {
    /** Adds fields to the event of a failure before it is recorded. */
    ENRICH_INCIDENT("enrich-incident", Duration.ofSeconds(2)),
    /** Called after the result of a run is committed. */
    AFTER_SYNC("after-sync", Duration.ofSeconds(2)),
    /** Called after Kafka has acknowledged the event of an incident. */
    INCIDENT_PUBLISHED("incident-published", Duration.ofSeconds(30));

    private final String name;
    private final Duration limit;

    Hook(String name, Duration limit) {
        this.name = name;
        this.limit = limit;
    }

    @Override
    public String wireName() {
        return name;
    }

    /** The endpoint of a URI without its parameters, in the form of {@link #endpoint}. */
    public static String address(String uri) {
        return uri.replaceFirst("\\?.*", "").replace("direct://", "direct:");
    }

    /** Where a route of the operator begins: {@code direct:enrich-incident}. */
    public String endpoint() {
        return "direct:" + name;
    }

    /** Where the relay's own route begins, which calls the operator's. */
    String caller() {
        return "direct:hook-" + name;
    }

    /** How long a call may take. */
    Duration limit() {
        return limit;
    }
}
