package io.licenserelay.log;

import io.licenserelay.redact.Redactor;
import java.nio.charset.StandardCharsets;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.layout.PatternLayout;

/** The text format: time, level, class, the place and the run in brackets, message; then the stack trace. Thread-safe. */
final class TextLayout extends LineLayout {
    /** The same as in {@code log4j2.xml}, which applies until the configuration is read, and to the other commands. */
    static final String PATTERN = "%d{yyyy-MM-dd'T'HH:mm:ss.SSSX}{UTC} %-5level %logger{1} "
            + "%enc{%notEmpty{[%X{place}%notEmpty{ %X{run}}] }%msg}{CRLF}%n%xEx{30}";

    private final PatternLayout pattern = PatternLayout.newBuilder()
            .withPattern(PATTERN)
            .withCharset(StandardCharsets.UTF_8)
            .build();

    TextLayout(Redactor redactor) {
        super(redactor);
    }

    @Override
    String line(LogEvent event) {
        return redacted(pattern.toSerializable(event).stripTrailing());
    }
}
