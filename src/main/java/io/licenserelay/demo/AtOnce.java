package io.licenserelay.demo;

/** How many requests are being answered at once, at all simulators that share it. Safe for use by many threads. */
public final class AtOnce {
    private int now;
    private int most;

    /** The greatest number there was. */
    public synchronized int most() {
        return most;
    }

    synchronized void begin() {
        now++;
        most = Math.max(most, now);
    }

    synchronized void end() {
        now--;
    }
}
