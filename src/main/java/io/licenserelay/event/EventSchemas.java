package io.licenserelay.event;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/** The published contract: a JSON Schema (2020-12) for every event, and one AsyncAPI 3 document for all topics. */
public final class EventSchemas {
    private static final String ASYNC_API = "asyncapi.yaml";
    private static final String PREFIX = "io.licenserelay.";
    private static final List<String> NAMES = List.of(
            "failure.v1", "sync.completed.v1", "license.changed.v1", "report.v1", "sync.requested.v1", ASYNC_API);

    private EventSchemas() {}

    /** The names of all documents: {@code failure.v1}, …, {@code asyncapi.yaml}. */
    public static List<String> names() {
        return NAMES;
    }

    /**
     * The text of a document.
     *
     * @param wanted a name, a name with {@code .json}, or an event's type: {@code io.licenserelay.report.held.v1}
     */
    public static Optional<String> text(String wanted) {
        String name = wanted.startsWith(PREFIX) ? wanted.substring(PREFIX.length()) : wanted;
        String plain = name.replaceFirst("\\.json$", "");
        // All states of a report share one schema.
        String shared = plain.replaceFirst(
                "^report\\.(received|held|submitted|requested|acknowledged|rejected|overdue)\\.v1$", "report.v1");
        return NAMES.contains(shared) ? Optional.of(read(shared)) : Optional.empty();
    }

    private static String read(String name) {
        String file = "/schemas/" + (name.equals(ASYNC_API) ? name : name + ".json");
        try (InputStream in = EventSchemas.class.getResourceAsStream(file)) {
            if (in == null) {
                throw new IllegalStateException(file + " is not in the jar");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
