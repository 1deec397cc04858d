package io.licenserelay.evidence.probes;

/** Measures one phase on the monotonic clock. */
public final class Stopwatch {
    private final long start = System.nanoTime();

    private Stopwatch() {}

    public static Stopwatch start() {
        return new Stopwatch();
    }

    /** Milliseconds since the start, with three decimals at most. */
    public double millis() {
        return Math.round((System.nanoTime() - start) / 1e3) / 1e3;
    }
}
