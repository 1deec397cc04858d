package io.licenserelay.web.access;

import io.licenserelay.text.Sha256;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Remembers for a short time which passwords were verified, so that a script with many requests does not cost a bcrypt verification each. Only
 * salted hashes are kept. Thread-safe.
 */
final class VerifiedPasswords {
    static final Duration TIME = Duration.ofMinutes(5);
    private static final int MOST = 1_000;

    private final Clock clock;
    private final String salt = RandomText.next();
    private final Map<String, Verified> verified = new LinkedHashMap<>();

    private record Verified(long version, Instant end) {}

    VerifiedPasswords(Clock clock) {
        this.clock = clock;
    }

    /** @param version of the user file; a password that was verified against another version does not count */
    synchronized boolean contains(String user, String password, long version) {
        Verified found = verified.get(key(user, password));
        return found != null && found.version() == version && clock.instant().isBefore(found.end());
    }

    synchronized void add(String user, String password, long version) {
        String key = key(user, password);
        verified.remove(key);
        verified.put(key, new Verified(version, clock.instant().plus(TIME)));
        if (verified.size() > MOST) {
            verified.remove(verified.keySet().iterator().next());
        }
    }

    /** A user's name has no colon. */
    private String key(String user, String password) {
        return new Sha256().add(salt + user + ':' + password).hex();
    }
}
