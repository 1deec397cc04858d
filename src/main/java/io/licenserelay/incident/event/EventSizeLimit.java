package io.licenserelay.incident.event;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.licenserelay.text.Json;
import io.licenserelay.text.ShortText;
import java.util.List;

/**
 * Shortens an event's data until the event fits, the least important part first, and lists the shortened fields in
 * {@code truncated}. A character is never split.
 */
public final class EventSizeLimit {
    /** The size of the CloudEvents envelope around the data, without place and key. */
    private static final int ENVELOPE = 1024;

    private final int maxBytes;

    public EventSizeLimit(int maxBytes) {
        this.maxBytes = maxBytes;
    }

    /** @param incident the incident of the data, whose place and key are also in the envelope */
    public void fit(ObjectNode data, Incident incident) {
        String key = Incident.dedupKey(incident.place(), incident.flow());
        int maxDataBytes = maxBytes - ENVELOPE - incident.place().path().length() - 2 * key.length();
        int size = bytes(data);
        for (Cut cut : cuts(data)) {
            if (size <= maxDataBytes) {
                return;
            }
            cut.action.run();
            int left = bytes(data);
            if (left < size) {
                addName((ArrayNode) data.path("truncated"), cut.name);
            }
            size = left;
        }
    }

    private static List<Cut> cuts(ObjectNode data) {
        JsonNode evidence = data.path("evidence");
        JsonNode diagnosis = data.path("diagnosis");
        return List.of(
                // The timeline refers to lines by index, so it is removed before the lines.
                new Cut("evidence.timeline", () -> remove(evidence, "timeline")),
                new Cut("evidence.logs.lines", () -> keepNewest(evidence, 15)),
                new Cut("evidence.logs.lines", () -> keepNewest(evidence, 3)),
                new Cut("evidence.exchange.body", () -> remove(evidence.path("exchange"), "body")),
                new Cut("evidence.logs", () -> remove(evidence, "logs")),
                new Cut("evidence.probes.details", () -> evidence.path("probes")
                        .forEach(each -> remove(each, "details"))),
                new Cut("virtualAccounts", () -> keepFirst(data.path("virtualAccounts"), 100)),
                new Cut("licenses", () -> keepFirst(data.path("licenses"), 5)),
                new Cut("subscriptions", () -> keepFirst(data.path("subscriptions"), 5)),
                new Cut("devices", () -> keepFirst(data.path("devices"), 5)),
                new Cut("diagnosis.ruledOut", () -> remove(diagnosis, "ruledOut")),
                new Cut("evidence", () -> remove(data, "evidence")),
                new Cut("virtualAccounts", () -> keepFirst(data.path("virtualAccounts"), 5)),
                new Cut("diagnosis.sideFacts", () -> remove(diagnosis, "sideFacts")),
                new Cut("diagnosis.others", () -> remove(diagnosis, "others")),
                new Cut("extra", () -> remove(data, "extra")),
                new Cut("licenses", () -> remove(data, "licenses")),
                new Cut("subscriptions", () -> remove(data, "subscriptions")),
                new Cut("devices", () -> remove(data, "devices")),
                // The field itself is required.
                new Cut("labels", () -> data.putObject("labels")),
                new Cut("error.message", () -> shorten(data.path("error"), "message", 100)),
                new Cut("summary", () -> shorten(data, "summary", 200)),
                new Cut("virtualAccounts", () -> keepFirst(data.path("virtualAccounts"), 1)));
    }

    /**
     * The size with the event's own JSON writer, which escapes characters outside of the Basic Multilingual Plane:
     * twelve bytes instead of four.
     */
    private static int bytes(JsonNode data) {
        return Json.bytes(data).length;
    }

    private static void addName(ArrayNode truncated, String name) {
        for (JsonNode each : truncated) {
            if (each.asText().equals(name)) {
                return;
            }
        }
        truncated.add(name);
    }

    private static void keepNewest(JsonNode evidence, int limit) {
        for (JsonNode log : evidence.path("logs")) {
            JsonNode all = log.path("lines");
            ArrayNode newest = ((ObjectNode) log).putArray("lines");
            for (int i = Math.max(0, all.size() - limit); i < all.size(); i++) {
                newest.add(all.get(i));
            }
        }
    }

    private static void keepFirst(JsonNode names, int limit) {
        while (names.size() > limit) {
            ((ArrayNode) names).remove(names.size() - 1);
        }
    }

    private static void remove(JsonNode node, String field) {
        if (node instanceof ObjectNode object) {
            object.remove(field);
        }
    }

    private static void shorten(JsonNode node, String field, int limit) {
        if (node instanceof ObjectNode object && object.has(field)) {
            object.put(field, ShortText.of(object.path(field).asText(), limit));
        }
    }

    private record Cut(String name, Runnable action) {}
}
