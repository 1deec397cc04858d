package io.licenserelay.incident.event;

import io.licenserelay.config.site.Place;
import io.licenserelay.config.site.Settings;
import io.licenserelay.diagnosis.Severity;
import io.licenserelay.evidence.Flow;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A failing place and flow.
 *
 * @param code the primary cause: {@code LIC3002}
 * @param sequence the number of the event, 0 for the trigger
 * @param sightings how often runs have observed the incident
 * @param triggerEvent the id of its first event
 * @param flapping whether it failed and recovered so often that it stays open until it is healthy for long enough
 * @param wellSince for a flapping incident, since when it is healthy; null while it is failing
 */
public record Incident(
        String id,
        Place place,
        Flow flow,
        String code,
        Severity severity,
        String summary,
        Sightings sightings,
        long sequence,
        String triggerEvent,
        Instant openedAt,
        boolean flapping,
        @Nullable Instant wellSince) {

    /** The number of runs that observed the incident; 1 if it was only detected between runs. */
    public long occurrences() {
        return sightings.occurrences();
    }

    /** A copy with new observations, if no event is published. */
    public Incident withSightings(Sightings now) {
        return new Incident(
                id, place, flow, code, severity, summary, now, sequence, triggerEvent, openedAt, flapping, wellSince);
    }

    /** Whether this is an incident of the relay itself with this cause. */
    public boolean isOfRelay(String cause) {
        return flow == Flow.RELAY && place.equals(Place.relay()) && code.equals(cause);
    }

    /** The incident for its next event, without a new observation by a run. */
    public Incident next(Severity now, String line) {
        return next(now, line, flapping, wellSince);
    }

    /** The flapping incident while it is healthy, with severity info, because nobody has to act. */
    public Incident recovered(String line, Instant since) {
        return next(Severity.INFO, line, true, since);
    }

    private Incident next(Severity now, String line, boolean flaps, @Nullable Instant healthySince) {
        return new Incident(
                id, place, flow, code, now, line, sightings, sequence + 1, triggerEvent, openedAt, flaps, healthySince);
    }

    /**
     * The Kafka key of the incident's events. It is {@link #dedupKey}, except for incidents of the relay itself: relays
     * that share one Kafka cluster must not resolve each other's incidents, so the key contains the relay's name unless
     * it is the default name.
     *
     * @param relay the name of the relay
     */
    public String publishedKey(String relay) {
        boolean relayIncident = place.equals(Place.relay()) && !relay.equals(Settings.PRODUCT);
        return dedupKey(relayIncident ? place.account(relay) : place, flow);
    }

    /**
     * The key of the incident's records: place and flow, never the cause, because one outage can have several causes in
     * turn. At most 255 characters, the limit of PagerDuty; a longer key ends in a hash.
     */
    public static String dedupKey(Place place, Flow flow) {
        String key = "license-relay/" + place.path() + "/" + flow.wireName();
        if (key.length() <= 255) {
            return key;
        }
        String hash = Long.toHexString(place.id());
        String start = key.substring(0, 255 - hash.length() - flow.wireName().length() - 2);
        String whole = start.replaceFirst("%[0-9A-F]?$", "");
        return whole + "~" + hash + "/" + flow.wireName();
    }
}
