package io.licenserelay.incident;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.licenserelay.config.site.Settings;
import io.licenserelay.incident.event.FailureData;
import io.licenserelay.incident.event.Incident;
import java.time.Instant;

/**
 * Keeps an incident that comes and goes open as one, so that nobody is called for every turn of it. The first ones are told
 * and resolved like any other.
 */
record FlapDetector(Settings.Flap flap) {
    /** Recoveries before then count no more. */
    Instant lately(Instant now) {
        return now.minus(flap.rest());
    }

    /**
     * Whether an incident that is well now stays open.
     *
     * @param recoveries how often its place and flow recovered lately, this time not counted
     */
    boolean rests(Incident incident, long recoveries, Instant now) {
        if (!incident.flapping()) {
            return recoveries + 1 >= flap.times();
        }
        Instant since = incident.wellSince();
        return since == null || now.isBefore(since.plus(flap.rest()));
    }

    /** The incident as it is told while it is well and not believed. */
    Incident resting(Incident incident, ObjectNode data, Instant now) {
        Instant since = incident.wellSince() == null ? now : incident.wellSince();
        String title = data.at("/diagnosis/title").asText();
        Incident resting = incident.resting(
                FailureData.line(incident.place() + ": comes and goes, well since " + since
                        + ", resolved when it is still well at " + since.plus(flap.rest()) + "; was: " + title + " ("
                        + incident.code() + ")"),
                since);
        data.put("summary", resting.summary());
        data.put("severity", resting.severity().wireName());
        data.put("severityNumber", resting.severity().number());
        data.put("flapping", true);
        data.put("well", true);
        data.put("wellSince", since.toString());
        return resting;
    }
}
