package io.licenserelay.incident.event;

import io.licenserelay.config.site.Place;
import io.licenserelay.config.site.Settings;
import io.licenserelay.diagnosis.Severity;
import io.licenserelay.evidence.Flow;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A place and flow that is not well.
 *
 * @param code the primary cause: {@code LIC3002}
 * @param sequence counts its events, 0 is the trigger
 * @param sightings how often runs have seen it
 * @param triggerEvent the id of its first event
 * @param flapping it failed and recovered so often that it stays open until it was well for long enough
 * @param wellSince of one that flaps, since when it has been well; null while it is not
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

    /** How many runs have seen it; 1 also when it was noticed between runs only. */
    public long occurrences() {
        return sightings.occurrences();
    }

    /** The same, seen once more, when there is nothing to tell. */
    public Incident withSightings(Sightings now) {
        return new Incident(
                id, place, flow, code, severity, summary, now, sequence, triggerEvent, openedAt, flapping, wellSince);
    }

    /** Whether it is of the relay itself, for this cause. */
    public boolean isOfRelay(String cause) {
        return flow == Flow.RELAY && place.equals(Place.relay()) && code.equals(cause);
    }

    /** As its next event tells it, when no run has seen it again. */
    public Incident next(Severity now, String line) {
        return next(now, line, flapping, wellSince);
    }

    /** The same of one that flaps and is well for the time being, so that nobody has to act. */
    public Incident resting(String line, Instant since) {
        return next(Severity.INFO, line, true, since);
    }

    private Incident next(Severity now, String line, boolean flaps, @Nullable Instant healthySince) {
        return new Incident(
                id, place, flow, code, now, line, sightings, sequence + 1, triggerEvent, openedAt, flaps, healthySince);
    }

    /**
     * The key that its events have on Kafka. It is {@link #dedupKey}, except of incidents of the relay itself: relays that share one
     * Kafka must not resolve each other's, so the name of one that is not called as the product is in the key.
     *
     * @param relay the name of the relay
     */
    public String publishedKey(String relay) {
        boolean own = place.equals(Place.relay()) && !relay.equals(Settings.PRODUCT);
        return dedupKey(own ? place.account(relay) : place, flow);
    }

    /**
     * The key of its records: the place, never the cause, since one outage runs through several causes. At most 255
     * characters, for PagerDuty; a longer one ends in a hash.
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
