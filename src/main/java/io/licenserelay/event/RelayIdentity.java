package io.licenserelay.event;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.licenserelay.config.site.Place;
import io.licenserelay.text.Json;
import org.jspecify.annotations.Nullable;

/**
 * Which relay writes an event. Several relays may share one Kafka cluster.
 *
 * @param name from {@code relay.name}
 * @param host of the machine; null when the machine does not know its name
 * @param instance of the data folder: stays the same when the relay is restarted, renamed or moved with its data
 * @param version of the program
 */
public record RelayIdentity(String name, @Nullable String host, String instance, String version) {

    /** The CloudEvents source of what happened at a place: {@code /license-relay/hq/ACME}. */
    public String source(Place place) {
        return source(name, place);
    }

    static String source(String name, Place place) {
        return "/" + name + "/" + place.path();
    }

    /** As {@code data.relay}. */
    public ObjectNode toJson() {
        ObjectNode json = JsonNodeFactory.instance.objectNode().put("name", name);
        Json.putText(json, "host", host);
        return json.put("instance", instance).put("version", version);
    }
}
