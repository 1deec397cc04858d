package io.licenserelay.incident;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Cuts an event's evidence until the event fits, the least telling part first, and lists in {@code truncated} what was
 * cut. Whole lines and whole values are cut, never a part of a character.
 */
final class Fitting {
    /** For the CloudEvents envelope around the data. */
    private static final int ENVELOPE = 2048;

    private final int maxBytes;

    Fitting(int maxBytes) {
        this.maxBytes = maxBytes;
    }

    void fit(ObjectNode data) {
        ObjectNode evidence = (ObjectNode) data.path("evidence");
        List<Cut> cuts = List.of(
                new Cut("evidence.logs.lines", () -> keepNewest(evidence, 15)),
                new Cut("evidence.logs.lines", () -> keepNewest(evidence, 3)),
                new Cut("evidence.exchange.body", () -> remove(evidence.path("exchange"), "body")),
                new Cut("evidence.logs", () -> remove(evidence, "logs")),
                new Cut("evidence.probes.details", () -> evidence.path("probes")
                        .forEach(each -> remove(each, "details"))),
                new Cut("virtualAccounts", () -> keepFirst((ArrayNode) data.path("virtualAccounts"), 100)),
                new Cut("diagnosis.ruledOut", () -> remove(data.path("diagnosis"), "ruledOut")),
                new Cut("evidence", () -> remove(data, "evidence")));
        for (Cut cut : cuts) {
            if (bytes(data) <= maxBytes - ENVELOPE) {
                return;
            }
            cut.what.run();
            note((ArrayNode) data.path("truncated"), cut.name);
        }
    }

    private static int bytes(JsonNode data) {
        return data.toString().getBytes(StandardCharsets.UTF_8).length;
    }

    private static void note(ArrayNode truncated, String name) {
        for (JsonNode each : truncated) {
            if (each.asText().equals(name)) {
                return;
            }
        }
        truncated.add(name);
    }

    private static void keepNewest(ObjectNode evidence, int most) {
        for (JsonNode log : evidence.path("logs")) {
            ArrayNode lines = (ArrayNode) log.path("lines");
            while (lines.size() > most) {
                lines.remove(0);
            }
        }
    }

    private static void keepFirst(ArrayNode array, int most) {
        while (array.size() > most) {
            array.remove(array.size() - 1);
        }
    }

    private static void remove(JsonNode node, String field) {
        if (node instanceof ObjectNode object) {
            object.remove(field);
        }
    }

    private record Cut(String name, Runnable what) {}
}
