package io.licenserelay.bench;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.licenserelay.config.site.Place;
import io.licenserelay.event.Event;
import io.licenserelay.event.EventIds;
import java.time.Instant;
import java.util.Map;

/** Events as a sync creates them, each for another license. */
final class LicenseChanges {
    private static final Place PLACE = new Place("hq", "ACME", "Default");
    private static final Instant NOON = Instant.parse("2026-01-13T12:00:00Z");
    private static final String TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

    private LicenseChanges() {}

    static Event event(int number) {
        String key = PLACE.path() + "/" + Place.encode("Cisco DNA Advantage #" + number) + "/PREPAID";
        ObjectNode data = JsonNodeFactory.instance
                .objectNode()
                .put("change", "changed")
                .put("site", "hq")
                .put("account", "ACME")
                .put("virtualAccount", "Default")
                .put("license", "Cisco DNA Advantage #" + number)
                .put("billingType", "PREPAID")
                .put("quantity", 1_000 + number)
                .put("inUse", number)
                .put("available", 1_000)
                .put("reserved", 0)
                .put("status", "In Compliance")
                .put("endsAt", "2027-08-04T00:00:00Z")
                .put("mergedRows", 1)
                .put("runId", "1795369598675000");
        return Event.of(
                EventIds.of("license", key, 1),
                "io.licenserelay.license.changed.v1",
                "/license-relay/" + PLACE.path(),
                key,
                NOON,
                Map.of("correlationid", "1795369598675000", "traceparent", TRACE),
                data);
    }
}
