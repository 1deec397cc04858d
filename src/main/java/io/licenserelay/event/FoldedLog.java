package io.licenserelay.event;

import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Limits log lines of one kind that external input can cause without limit. The first line is written at once, then at
 * most one per interval, with the number of omitted lines. Thread-safe.
 */
public final class FoldedLog {
    private final Consumer<String> log;
    private final Duration interval;
    private final LongSupplier nanoTime;
    private @Nullable Long lastNanos;
    private long omitted;
    private String lastLine = "";

    /** @param log receives the written lines */
    public FoldedLog(Consumer<String> log, Duration interval) {
        this(log, interval, System::nanoTime);
    }

    FoldedLog(Consumer<String> log, Duration interval, LongSupplier nanoTime) {
        this.log = log;
        this.interval = interval;
        this.nanoTime = nanoTime;
    }

    /** Writes the line, or counts it as omitted. */
    public synchronized void add(String line) {
        if (isDue()) {
            writeCount();
            write(line);
        } else {
            omitted++;
            lastLine = line;
        }
    }

    /** Writes the number of omitted lines, if there are any and the interval is over. Called periodically. */
    public synchronized void flush() {
        if (isDue()) {
            writeCount();
        }
    }

    private boolean isDue() {
        return lastNanos == null || nanoTime.getAsLong() - lastNanos >= interval.toNanos();
    }

    private void writeCount() {
        if (omitted > 0) {
            write(omitted + " more like the line before; the last: " + lastLine);
            omitted = 0;
        }
    }

    private void write(String line) {
        log.accept(line);
        lastNanos = nanoTime.getAsLong();
    }
}
