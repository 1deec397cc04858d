package io.licenserelay.store;

import java.time.Duration;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;

/** Counts writes and their time. Thread-safe. */
public final class WriteCounter {
    private final LongAdder begun = new LongAdder();
    private final LongAdder finished = new LongAdder();
    private final LongAdder nanos = new LongAdder();

    /** Runs the write and counts it, whether it fails or not. */
    public <T> T count(Supplier<T> write) {
        long start = System.nanoTime();
        begun.increment();
        try {
            return write.get();
        } finally {
            nanos.add(System.nanoTime() - start);
            finished.increment();
        }
    }

    /** The writes so far. */
    public WriteStatistics statistics() {
        // Read first, so that a write which ends meanwhile counts as waiting and the difference is never negative.
        long ended = finished.sum();
        return new WriteStatistics(ended, Math.max(0, begun.sum() - ended), Duration.ofNanos(nanos.sum()));
    }
}
