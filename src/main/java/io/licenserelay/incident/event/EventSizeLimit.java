package io.licenserelay.incident.event;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.licenserelay.text.Json;
import io.licenserelay.text.ShortText;
import java.util.List;

/**
 * Cuts an event's data until the event fits, the least telling part first, and lists in {@code truncated} what was cut.
 * Never a part of a character is cut.
 */
public final class EventSizeLimit {
    /** For the CloudEvents envelope around the data, without the names that stand in it. */
    private static final int ENVELOPE = 1024;

    private final int maxBytes;

    public EventSizeLimit(int maxBytes) {
        this.maxBytes = maxBytes;
    }

    /** @param incident the one that the data tells of: its place and key stand in the envelope too */
    public void fit(ObjectNode data, Incident incident) {
        String key = Incident.dedupKey(incident.place(), incident.flow());
        int room = maxBytes - ENVELOPE - incident.place().path().length() - 2 * key.length();
        int size = bytes(data);
        for (Cut cut : cuts(data)) {
            if (size <= room) {
                return;
            }
            cut.what.run();
            int left = bytes(data);
            if (left < size) {
                note((ArrayNode) data.path("truncated"), cut.name);
            }
            size = left;
        }
    }

    private static List<Cut> cuts(ObjectNode data) {
        JsonNode evidence = data.path("evidence");
        JsonNode diagnosis = data.path("diagnosis");
        return List.of(
                // It points at lines by their index, so it goes before them.
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
                // Every event has labels.
                new Cut("labels", () -> data.putObject("labels")),
                new Cut("error.message", () -> shorten(data.path("error"), "message", 100)),
                new Cut("summary", () -> shorten(data, "summary", 200)),
                new Cut("virtualAccounts", () -> keepFirst(data.path("virtualAccounts"), 1)));
    }

    /** As the event's own writer counts: it escapes what is beyond the basic plane, twelve bytes for four. */
    private static int bytes(JsonNode data) {
        return Json.bytes(data).length;
    }

    private static void note(ArrayNode truncated, String name) {
        for (JsonNode each : truncated) {
            if (each.asText().equals(name)) {
                return;
            }
        }
        truncated.add(name);
    }

    private static void keepNewest(JsonNode evidence, int most) {
        for (JsonNode log : evidence.path("logs")) {
            JsonNode all = log.path("lines");
            ArrayNode newest = ((ObjectNode) log).putArray("lines");
            for (int i = Math.max(0, all.size() - most); i < all.size(); i++) {
                newest.add(all.get(i));
            }
        }
    }

    private static void keepFirst(JsonNode names, int most) {
        while (names.size() > most) {
            ((ArrayNode) names).remove(names.size() - 1);
        }
    }

    private static void remove(JsonNode node, String field) {
        if (node instanceof ObjectNode object) {
            object.remove(field);
        }
    }

    private static void shorten(JsonNode node, String field, int most) {
        if (node instanceof ObjectNode object && object.has(field)) {
            object.put(field, ShortText.of(object.path(field).asText(), most));
        }
    }

    private record Cut(String name, Runnable what) {}
}
