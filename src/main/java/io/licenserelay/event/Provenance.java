package io.licenserelay.event;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.licenserelay.config.site.Place;
import io.licenserelay.config.site.Site;
import io.licenserelay.redact.Redactor;
import io.licenserelay.text.Json;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The fields of every event about its relay and its site: {@code data.relay} and {@code data.labels}. Thread-safe. */
public final class Provenance {
    private final RelayIdentity relay;
    private final Redactor redactor;
    private final Map<String, JsonNode> labels = new ConcurrentHashMap<>();

    /** @param sites all configured sites */
    public Provenance(RelayIdentity relay, Redactor redactor, Collection<Site> sites) {
        this.relay = relay;
        this.redactor = redactor;
        sites.forEach(this::put);
    }

    /** Adds a site, or replaces the labels of the site of this name. Redacts them once, because they change only with the site. */
    public void put(Site site) {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        site.labels().forEach(node::put);
        labels.put(site.name(), redactor.redact(node));
    }

    /** Forgets the labels of a site that is no longer configured. */
    public void remove(String site) {
        labels.remove(site);
    }

    public RelayIdentity relay() {
        return relay;
    }

    /** The CloudEvents source for a place. */
    public String source(Place place) {
        return relay.source(place);
    }

    /** Adds both to the data of an event. */
    public void into(ObjectNode data, String site) {
        data.set("labels", labels.getOrDefault(site, JsonNodeFactory.instance.objectNode()));
        data.set("relay", relay.toJson());
    }

    /**
     * Both fields as text, stored until the events are created, so that a later change of the configuration does not
     * change them.
     */
    public String kept(String site) {
        ObjectNode kept = JsonNodeFactory.instance.objectNode();
        into(kept, site);
        return kept.toString();
    }

    /** Adds the fields that {@link #kept} returned. */
    public static void into(ObjectNode data, JsonNode kept) {
        if (kept instanceof ObjectNode both) {
            data.setAll(both);
        }
    }

    /** Parses the text that {@link #kept} returned. */
    public static JsonNode read(@Nullable String kept) {
        return Json.stored(kept == null ? "{}" : kept, "a provenance in the outbox");
    }

    /** The CloudEvents source at the time of {@link #kept}. */
    public static String source(JsonNode kept, Place place) {
        return RelayIdentity.source(kept.at("/relay/name").asText(), place);
    }
}
