package io.licenserelay.incident.event;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.licenserelay.evidence.excerpt.ByteRange;
import io.licenserelay.evidence.excerpt.LineFacts;
import io.licenserelay.evidence.excerpt.LogCoverage;
import io.licenserelay.evidence.excerpt.LogExcerpt;
import io.licenserelay.evidence.excerpt.LogTimeline;
import io.licenserelay.text.Json;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Writes logs to the {@code evidence} of a failure event: each log with its lines, and one timeline that refers to the
 * lines of all logs.
 */
final class LogsJson {
    private LogsJson() {}

    static void into(ObjectNode evidence, List<LogExcerpt> excerpts) {
        ArrayNode logs = evidence.putArray("logs");
        excerpts.forEach(excerpt -> logs.add(excerpt(excerpt)));
        List<LogTimeline.Entry> entries = LogTimeline.of(excerpts);
        if (!entries.isEmpty()) {
            ArrayNode timeline = evidence.putArray("timeline");
            entries.forEach(entry -> timeline.add(entry(entry)));
        }
    }

    private static ObjectNode excerpt(LogExcerpt excerpt) {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        node.put("source", excerpt.source()).put("path", excerpt.path());
        window(node, excerpt.from(), excerpt.to());
        node.put("truncated", excerpt.truncated());
        Json.putText(node, "note", excerpt.note());
        if (excerpt.coverage() != null) {
            node.set("coverage", coverage(excerpt.coverage()));
        }
        ArrayNode lines = node.putArray("lines");
        excerpt.lines().forEach(lines::add);
        return node;
    }

    private static ObjectNode coverage(LogCoverage coverage) {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        window(node.putObject("asked"), coverage.requestedFrom(), coverage.requestedTo());
        window(node.putObject("told"), coverage.from(), coverage.to());
        Json.putText(node, "why", coverage.why());
        if (coverage.ahead() != null) {
            node.put("clockAheadMillis", coverage.ahead().toMillis());
        }
        ArrayNode slices = node.putArray("slices");
        coverage.slices().forEach(slice -> slices.add(slice(slice)));
        return node;
    }

    private static ObjectNode slice(ByteRange slice) {
        ObjectNode node = JsonNodeFactory.instance.objectNode().put("path", slice.path());
        Json.putText(node, "inode", slice.inode());
        return node.put("size", slice.size())
                .put("from", slice.from())
                .put("to", slice.to())
                .put("sha256", slice.sha256());
    }

    private static ObjectNode entry(LogTimeline.Entry entry) {
        LineFacts facts = entry.facts();
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        node.put("at", entry.at().toString())
                .put("uncertaintyMillis", facts.uncertainty().toMillis());
        node.put("source", entry.source()).put("line", entry.line());
        node.put("whose", facts.owner().wireName());
        Json.putText(node, "program", facts.program());
        Json.putText(node, "level", facts.level());
        Json.putText(node, "zoneFrom", facts.zone());
        Json.putText(node, "yearFrom", facts.year());
        if (facts.telling()) {
            node.put("telling", true);
        }
        return node;
    }

    private static void window(ObjectNode node, @Nullable Instant from, @Nullable Instant to) {
        Json.putText(node, "from", from);
        Json.putText(node, "to", to);
    }
}
