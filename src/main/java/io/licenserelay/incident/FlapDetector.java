package io.licenserelay.incident;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.licenserelay.config.site.Settings;
import io.licenserelay.incident.event.FailureData;
import io.licenserelay.incident.event.Incident;
import java.time.Instant;

/**
 * Keeps a flapping incident open, so that it does not alert for every failure and recovery. The first failures and
 * recoveries are reported like any other.
 */
record FlapDetector(Settings.Flap flap) {
    /** The start of the period in which recoveries count. */
    Instant countingSince(Instant now) {
        return now.minus(flap.rest());
    }

    /**
     * Whether an incident stays open although its place has recovered.
     *
     * @param recoveries number of recent recoveries of the place and flow, without the current one
     */
    boolean staysOpen(Incident incident, long recoveries, Instant now) {
        if (!incident.flapping()) {
            return recoveries + 1 >= flap.times();
        }
        Instant since = incident.wellSince();
        return since == null || now.isBefore(since.plus(flap.rest()));
    }

    /** The incident while its place has recovered but is not considered stable yet. */
    Incident recovered(Incident incident, ObjectNode data, Instant now) {
        Instant since = incident.wellSince() == null ? now : incident.wellSince();
        String title = data.at("/diagnosis/title").asText();
        Incident recovered = incident.recovered(
                FailureData.line(incident.place() + ": flapping, healthy since " + since
                        + ", will be resolved if still healthy at " + since.plus(flap.rest()) + "; was: " + title + " ("
                        + incident.code() + ")"),
                since);
        data.put("summary", recovered.summary());
        data.put("severity", recovered.severity().wireName());
        data.put("severityNumber", recovered.severity().number());
        data.put("flapping", true);
        data.put("well", true);
        data.put("wellSince", since.toString());
        return recovered;
    }
}
