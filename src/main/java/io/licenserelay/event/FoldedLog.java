package io.licenserelay.event;

import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Writes lines of one kind that others can cause as often as they like: the first at once, then at most one per interval,
 * which counts those that were left out. Thread-safe.
 */
public final class FoldedLog {
    private final Consumer<String> log;
    private final Duration interval;
    private final LongSupplier nanoTime;
    private @Nullable Long lastNanos;
    private long leftOut;
    private String lastLine = "";

    /** @param log takes the lines that are written */
    public FoldedLog(Consumer<String> log, Duration interval) {
        this(log, interval, System::nanoTime);
    }

    FoldedLog(Consumer<String> log, Duration interval, LongSupplier nanoTime) {
        this.log = log;
        this.interval = interval;
        this.nanoTime = nanoTime;
    }

    /** Writes the line, or counts it. */
    public synchronized void add(String line) {
        if (isDue()) {
            writeCount();
            write(line);
        } else {
            leftOut++;
            lastLine = line;
        }
    }

    /** Writes how many lines were left out, if any were and the interval is over. To be called from time to time. */
    public synchronized void flush() {
        if (isDue()) {
            writeCount();
        }
    }

    private boolean isDue() {
        return lastNanos == null || nanoTime.getAsLong() - lastNanos >= interval.toNanos();
    }

    private void writeCount() {
        if (leftOut > 0) {
            write(leftOut + " more like the line before; the last: " + lastLine);
            leftOut = 0;
        }
    }

    private void write(String line) {
        log.accept(line);
        lastNanos = nanoTime.getAsLong();
    }
}
