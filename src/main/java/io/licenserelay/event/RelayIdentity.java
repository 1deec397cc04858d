package io.licenserelay.event;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.licenserelay.config.site.Place;
import io.licenserelay.text.Json;
import org.jspecify.annotations.Nullable;

/**
 * The identity of the relay that writes an event. Several relays may share one Kafka cluster.
 *
 * @param name from {@code relay.name}
 * @param host the host name of the machine; null if unknown
 * @param instance the id of the data folder, which stays the same when the relay is restarted, renamed or moved with
 *     its data
 * @param version the version of the program
 */
public record RelayIdentity(String name, @Nullable String host, String instance, String version) {

    /** The CloudEvents source for a place: {@code /license-relay/hq/ACME}. */
    public String source(Place place) {
        return source(name, place);
    }

    static String source(String name, Place place) {
        return "/" + name + "/" + place.path();
    }

    /** The JSON of {@code data.relay}. */
    public ObjectNode toJson() {
        ObjectNode json = JsonNodeFactory.instance.objectNode().put("name", name);
        Json.putText(json, "host", host);
        return json.put("instance", instance).put("version", version);
    }
}
