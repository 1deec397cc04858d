package io.licenserelay.event;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.licenserelay.config.site.Place;
import io.licenserelay.config.site.Site;
import io.licenserelay.redact.Redactor;
import io.licenserelay.text.Json;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What every event says of its writer and of its site: {@code data.relay} and {@code data.labels}. Thread-safe. */
public final class Provenance {
    private final RelayIdentity relay;
    private final Map<String, JsonNode> labels = new HashMap<>();

    /**
     * Redacts the labels once: they do not change while the relay runs, and events are many.
     *
     * @param sites all that are configured
     */
    public Provenance(RelayIdentity relay, Redactor redactor, Collection<Site> sites) {
        this.relay = relay;
        for (Site site : sites) {
            ObjectNode node = JsonNodeFactory.instance.objectNode();
            site.labels().forEach(node::put);
            labels.put(site.name(), redactor.redact(node));
        }
    }

    public RelayIdentity relay() {
        return relay;
    }

    /** The CloudEvents source of what happened at a place. */
    public String source(Place place) {
        return relay.source(place);
    }

    /** Adds both to the data of an event. */
    public void into(ObjectNode data, String site) {
        data.set("labels", labels.getOrDefault(site, JsonNodeFactory.instance.objectNode()));
        data.set("relay", relay.toJson());
    }

    /** Both, to be kept until the events are made of it: they stay the same bytes, whatever is configured by then. */
    public String kept(String site) {
        ObjectNode kept = JsonNodeFactory.instance.objectNode();
        into(kept, site);
        return kept.toString();
    }

    /** Adds what {@link #kept} gave. */
    public static void into(ObjectNode data, JsonNode kept) {
        if (kept instanceof ObjectNode both) {
            data.setAll(both);
        }
    }

    /** What {@link #kept} gave, as JSON. */
    public static JsonNode read(@Nullable String kept) {
        return Json.stored(kept == null ? "{}" : kept, "a provenance in the outbox");
    }

    /** The CloudEvents source that was valid when it was kept. */
    public static String source(JsonNode kept, Place place) {
        return RelayIdentity.source(kept.at("/relay/name").asText(), place);
    }
}
