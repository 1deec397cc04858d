package io.licenserelay.log;

import io.licenserelay.redact.Redactor;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.layout.AbstractStringLayout;

/** A layout whose texts are redacted before they are written. Thread-safe. */
abstract class LineLayout extends AbstractStringLayout {
    /**
     * How old the known secrets of a redaction may be. A new token is known at once; a rotated file is read again after this time, because
     * reading every secret of every site for each line would make the log the slowest part of the relay.
     */
    private static final Duration KNOWN_FOR = Duration.ofSeconds(1);

    private volatile Redactor redactor;

    LineLayout(Redactor redactor) {
        super(StandardCharsets.UTF_8);
        this.redactor = redactor;
    }

    /** The event as one line without its end; the lines of a stack trace may follow in the text format. */
    abstract String line(LogEvent event);

    final void redactWith(Redactor other) {
        redactor = other;
    }

    final String redacted(String text) {
        return redactor.redact(text, KNOWN_FOR);
    }

    @Override
    public final String toSerializable(LogEvent event) {
        return line(event) + '\n';
    }
}
