package io.licenserelay.simulator.http;

/** Counts the requests that are answered at the same time by all simulators that share this meter. Safe for use by many threads. */
public final class ConcurrencyMeter {
    private int now;
    private int most;

    /** The highest number of concurrent requests so far. */
    public synchronized int most() {
        return most;
    }

    public synchronized void begin() {
        now++;
        most = Math.max(most, now);
    }

    public synchronized void end() {
        now--;
    }
}
