package io.licenserelay.incident.event;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.licenserelay.config.site.EvidenceForm;
import io.licenserelay.text.ShortText;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The short form of evidence in events, with what a person or a program needs to act. The evidence bundle has the full
 * form. The input is already redacted, and the short form only removes or shortens, so it contains nothing that the
 * full form does not have.
 */
public final class ShortEvidence {
    private static final String FORM = "form";
    private static final String LINES = "lines";

    /** The number of lines per log: enough for the failed request, its answer and the lines around them. */
    private static final int MAX_LINES = 5;

    private static final Duration MAX_DISTANCE = Duration.ofDays(1);
    private static final int MAX_LINE_LENGTH = 300;
    private static final int MAX_BODY_LENGTH = 512;
    private static final Set<String> ERROR_LEVELS =
            Set.of("error", "err", "severe", "crit", "critical", "alert", "emerg", "emergency", "fatal", "panic");
    private static final Set<String> WARNING_LEVELS = Set.of("warn", "warning");

    private ShortEvidence() {}

    /** The full evidence, marked as full. */
    public static ObjectNode full(ObjectNode evidence) {
        ObjectNode all = marked(EvidenceForm.FULL);
        all.setAll(evidence);
        return all;
    }

    /**
     * The short form of the evidence.
     *
     * @param failedAt the time of the failure on the relay's clock; among lines of equal rank the nearest ones are kept
     */
    public static ObjectNode of(JsonNode evidence, Instant failedAt) {
        ObjectNode brief = marked(EvidenceForm.SHORT);
        brief.set("exchange", exchange(evidence.path("exchange")));
        ArrayNode probes = brief.putArray("probes");
        evidence.path("probes").forEach(probe -> probes.add(without(probe, "details")));
        ArrayNode logs = brief.putArray("logs");
        ArrayNode timeline = JsonNodeFactory.instance.arrayNode();
        for (JsonNode log : evidence.path("logs")) {
            logs.add(
                    log(log, facts(evidence.path("timeline"), log.path("source").asText()), failedAt, timeline));
        }
        if (!timeline.isEmpty()) {
            brief.set("timeline", inOrder(timeline));
        }
        brief.set("findings", evidence.path("findings"));
        return brief;
    }

    private static ObjectNode marked(EvidenceForm form) {
        return JsonNodeFactory.instance.objectNode().put(FORM, form.wireName());
    }

    private static JsonNode exchange(JsonNode exchange) {
        if (!exchange.has("body")) {
            return exchange;
        }
        ObjectNode brief = exchange.deepCopy();
        return brief.put("body", ShortText.of(exchange.path("body").asText(), MAX_BODY_LENGTH));
    }

    /** @param timeline receives an entry for each kept line with a known owner, or on which a finding rests */
    private static ObjectNode log(JsonNode log, Map<Integer, JsonNode> facts, Instant failedAt, ArrayNode timeline) {
        JsonNode all = log.path(LINES);
        List<Integer> kept = decisive(all.size(), facts, failedAt);
        ObjectNode brief = without(log, "from", "to", "coverage", LINES);
        brief.put("truncated", log.path("truncated").asBoolean() || kept.size() < all.size());
        brief.put("collected", all.size());
        if (log.has("coverage")) {
            // The byte ranges are useful only together with the full log, so they are only in the bundle.
            brief.set("coverage", without(log.path("coverage"), "slices"));
        }
        ArrayNode lines = brief.putArray(LINES);
        for (int index : kept) {
            JsonNode known = facts.get(index);
            if (known != null && (!isUnknown(known) || isTelling(known))) {
                timeline.add(without(known, "program", "level", "zoneFrom", "yearFrom")
                        .put("line", lines.size()));
            }
            lines.add(ShortText.of(all.path(index).asText(), MAX_LINE_LENGTH));
        }
        return brief;
    }

    /** The indexes of the lines to keep, in the order of the log; the newest lines if no line has facts. */
    private static List<Integer> decisive(int lines, Map<Integer, JsonNode> facts, Instant failedAt) {
        if (facts.isEmpty()) {
            return IntStream.range(Math.max(0, lines - MAX_LINES), lines)
                    .boxed()
                    .toList();
        }
        return IntStream.range(0, lines)
                .boxed()
                .sorted(Comparator.<Integer>comparingInt(index -> rank(facts.get(index)))
                        .thenComparing(index -> distance(facts.get(index), failedAt))
                        .thenComparing(Comparator.reverseOrder()))
                .limit(MAX_LINES)
                .sorted()
                .toList();
    }

    /**
     * The rank of a line; a smaller rank is more relevant to the failure. Answers to other clients prove nothing about
     * the relay's request.
     */
    private static int rank(@Nullable JsonNode facts) {
        if (facts == null) {
            return 5;
        }
        String owner = facts.path("whose").asText();
        if (isTelling(facts)) {
            return owner.equals("failed-request") ? 0 : 1;
        }
        if (owner.equals("failed-request")) {
            return 2;
        }
        if (owner.equals("other-client")) {
            return 6;
        }
        String level = facts.path("level").asText();
        if (ERROR_LEVELS.contains(level)) {
            return 3;
        }
        return owner.equals("same-client") || WARNING_LEVELS.contains(level) ? 4 : 5;
    }

    private static boolean isTelling(JsonNode entry) {
        return entry.path("telling").asBoolean();
    }

    private static boolean isUnknown(JsonNode facts) {
        return facts.path("whose").asText().equals("unknown");
    }

    private static Duration distance(@Nullable JsonNode facts, Instant failedAt) {
        return facts == null
                ? MAX_DISTANCE
                : at(facts).map(at -> Duration.between(at, failedAt).abs()).orElse(MAX_DISTANCE);
    }

    /** The time of an entry; empty if redaction changed it, for example because a password is {@code 2026}. */
    private static Optional<Instant> at(JsonNode entry) {
        try {
            return Optional.of(Instant.parse(entry.path("at").asText()));
        } catch (DateTimeParseException redacted) {
            return Optional.empty();
        }
    }

    /** The facts about the log's lines, by index. */
    private static Map<Integer, JsonNode> facts(JsonNode timeline, String source) {
        Map<Integer, JsonNode> facts = new HashMap<>();
        for (JsonNode entry : timeline) {
            if (entry.path("source").asText().equals(source)) {
                facts.put(entry.path("line").asInt(), entry);
            }
        }
        return facts;
    }

    private static ArrayNode inOrder(ArrayNode entries) {
        ArrayNode sorted = JsonNodeFactory.instance.arrayNode();
        IntStream.range(0, entries.size())
                .mapToObj(entries::get)
                .sorted(Comparator.comparing((JsonNode entry) -> at(entry).orElse(Instant.MAX)))
                .forEach(sorted::add);
        return sorted;
    }

    private static ObjectNode without(JsonNode node, String... fields) {
        ObjectNode rest = node.deepCopy();
        return rest.remove(List.of(fields));
    }
}
