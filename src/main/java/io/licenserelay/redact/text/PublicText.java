package io.licenserelay.redact.text;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * The text that every relay publishes: its catalogue of causes and its event schemas. A secret that occurs in this text must not be replaced
 * in it, because a gap in a text that everybody knows reveals what was there.
 */
public final class PublicText {
    private static final String TEXT = List.of(
                    "config/diagnoses.yaml",
                    "schemas/failure.v1.json",
                    "schemas/license.changed.v1.json",
                    "schemas/report.v1.json",
                    "schemas/sync.completed.v1.json",
                    "schemas/sync.requested.v1.json")
            .stream()
            .map(PublicText::read)
            .collect(Collectors.joining("\n"));

    private PublicText() {}

    /** Whether the value is a part of this text, ignoring case. */
    public static boolean contains(String value) {
        return TEXT.contains(value.toLowerCase(Locale.ROOT));
    }

    private static String read(String resource) {
        try (InputStream in = PublicText.class.getClassLoader().getResourceAsStream(resource)) {
            if (in == null) {
                throw new IllegalStateException(resource + " is missing on the classpath");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).toLowerCase(Locale.ROOT);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
