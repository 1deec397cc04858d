package io.licenserelay.simulator.http;

/** How many requests are being answered at once, at all simulators that share it. Safe for use by many threads. */
public final class ConcurrencyMeter {
    private int now;
    private int most;

    /** The greatest number there was. */
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
