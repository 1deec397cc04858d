package io.licenserelay.web.access;

import io.licenserelay.text.Sha256;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The browsers that are logged in, and the codes of one-time login addresses. Both are kept in memory, as hashes: a restart of the relay ends
 * every session. Thread-safe.
 */
final class Sessions {
    /** A session ends when its browser was not used for this long. */
    static final Duration IDLE = Duration.ofHours(8);

    /** A session ends at the latest after this time. */
    static final Duration LONGEST = Duration.ofHours(24);

    /** How long a one-time login address is valid. */
    static final Duration CODE = Duration.ofMinutes(2);

    private static final int MOST = 1_000;

    private final Clock clock;
    private final Map<String, Session> sessions = new LinkedHashMap<>();
    private final Map<String, Instant> codes = new LinkedHashMap<>();

    private record Session(Caller caller, Instant begun, Instant used) {
        boolean isOver(Instant now) {
            return now.isAfter(begun.plus(LONGEST)) || now.isAfter(used.plus(IDLE));
        }
    }

    Sessions(Clock clock) {
        this.clock = clock;
    }

    /** Begins a session and returns its secret, for the cookie. */
    synchronized String begin(Caller caller) {
        Instant now = clock.instant();
        sessions.values().removeIf(session -> session.isOver(now));
        String secret = RandomText.next();
        sessions.put(hash(secret), new Session(caller, now, now));
        removeOldest(sessions);
        return secret;
    }

    /** The user of the session with this secret; empty if there is none or it is over. */
    synchronized Optional<Caller> find(String secret) {
        String key = hash(secret);
        Instant now = clock.instant();
        Session session = sessions.get(key);
        if (session == null || session.isOver(now)) {
            sessions.remove(key);
            return Optional.empty();
        }
        sessions.put(key, new Session(session.caller(), session.begun(), now));
        return Optional.of(session.caller());
    }

    synchronized void end(String secret) {
        sessions.remove(hash(secret));
    }

    /** A new code for a one-time login address. */
    synchronized String newCode() {
        Instant now = clock.instant();
        codes.values().removeIf(end -> now.isAfter(end));
        String code = RandomText.next();
        codes.put(hash(code), now.plus(CODE));
        removeOldest(codes);
        return code;
    }

    /** Whether the code is valid. It is not valid again. */
    synchronized boolean take(String code) {
        Instant end = codes.remove(hash(code));
        return end != null && !clock.instant().isAfter(end);
    }

    private static void removeOldest(Map<String, ?> all) {
        if (all.size() > MOST) {
            all.remove(all.keySet().iterator().next());
        }
    }

    /** A search by the hash takes the same time for every wrong secret. */
    private static String hash(String secret) {
        return new Sha256().add(secret).hex();
    }
}
