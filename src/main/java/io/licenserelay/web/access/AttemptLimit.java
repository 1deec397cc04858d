package io.licenserelay.web.access;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/** Limits the failed logins of an address. Thread-safe. */
final class AttemptLimit {
    /** Failures of one address before it has to wait. */
    static final int MOST = 5;

    static final Duration WINDOW = Duration.ofMinutes(1);
    private static final int MOST_ADDRESSES = 10_000;

    private final Clock clock;

    /** In the order of the first failure; the oldest leaves if there are too many. */
    private final Map<String, Failures> byAddress = new LinkedHashMap<>();

    private record Failures(Instant since, int count) {}

    AttemptLimit(Clock clock) {
        this.clock = clock;
    }

    /** How long the address has to wait before its next attempt; zero if it may try now. */
    synchronized Duration pause(String address) {
        Failures failures = byAddress.get(address);
        if (failures == null || failures.count() < MOST) {
            return Duration.ZERO;
        }
        Duration left = Duration.between(clock.instant(), failures.since().plus(WINDOW));
        if (left.isNegative() || left.isZero()) {
            byAddress.remove(address);
            return Duration.ZERO;
        }
        // A clock that was set back must not lock an address for longer.
        return left.compareTo(WINDOW) > 0 ? WINDOW : left;
    }

    /** Counts an attempt before its password is verified, so that parallel attempts count too. */
    synchronized void begin(String address) {
        Instant now = clock.instant();
        Failures failures = byAddress.get(address);
        if (failures == null || !now.isBefore(failures.since().plus(WINDOW))) {
            byAddress.remove(address);
            byAddress.put(address, new Failures(now, 1));
        } else {
            byAddress.put(address, new Failures(failures.since(), failures.count() + 1));
        }
        if (byAddress.size() > MOST_ADDRESSES) {
            byAddress.remove(byAddress.keySet().iterator().next());
        }
    }

    synchronized void succeeded(String address) {
        byAddress.remove(address);
    }
}
