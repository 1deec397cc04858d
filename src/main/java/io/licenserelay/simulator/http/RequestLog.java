package io.licenserelay.simulator.http;

import io.licenserelay.config.site.Grant;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** The requests that the simulator received, for tests and the demo. Thread-safe. */
public final class RequestLog {
    /** The newest so many are kept in full; counters go on. */
    public static final int KEPT = 1000;

    private static final int PATHS = 10_000;

    private final Deque<RecordedRequest> newest = new ArrayDeque<>();
    private final Map<String, Integer> perPath = new HashMap<>();
    private final Map<Grant, Integer> perGrant = new EnumMap<>(Grant.class);
    private int passwords;
    private int wrongPasswords;
    private int total;

    public RequestLog() {}

    /** The newest requests, oldest first. */
    public synchronized List<RecordedRequest> newest() {
        return new ArrayList<>(newest);
    }

    public synchronized int total() {
        return total;
    }

    /**
     * How often a path was asked for.
     *
     * @param path still percent-encoded; only the first 10,000 different ones are counted
     */
    public synchronized int count(String path) {
        return perPath.getOrDefault(path, 0);
    }

    /** Requests with a known grant type that came to a token endpoint, answered well or not. */
    public synchronized int tokenRequests(Grant grant) {
        return perGrant.getOrDefault(grant, 0);
    }

    /** How often a user's password was looked at: only after the client and its grant were found good. */
    public synchronized int passwordAttempts() {
        return passwords;
    }

    /** Of these, how often it was wrong: what locks accounts. */
    public synchronized int wrongPasswords() {
        return wrongPasswords;
    }

    public synchronized void clear() {
        newest.clear();
        perPath.clear();
        perGrant.clear();
        passwords = 0;
        wrongPasswords = 0;
        total = 0;
    }

    public synchronized void record(Call call) {
        total++;
        if (perPath.size() < PATHS || perPath.containsKey(call.rawPath())) {
            perPath.merge(call.rawPath(), 1, Integer::sum);
        }
        if (newest.size() == KEPT) {
            newest.removeFirst();
        }
        newest.addLast(new RecordedRequest(
                Instant.now(), call.method(), call.rawPath(), call.query(), headers(call), start(call), call.client()));
    }

    public synchronized void tokenRequest(Grant grant) {
        perGrant.merge(grant, 1, Integer::sum);
    }

    public synchronized void passwordAttempt(boolean right) {
        passwords++;
        if (!right) {
            wrongPasswords++;
        }
    }

    private static Map<String, List<String>> headers(Call call) {
        Map<String, List<String>> headers = new TreeMap<>();
        call.exchange()
                .getRequestHeaders()
                .forEach((name, values) -> headers.put(name.toLowerCase(Locale.ROOT), List.copyOf(values)));
        return headers;
    }

    private static String start(Call call) {
        int bytes = Math.min(call.body().length, RecordedRequest.BODY_CHARS);
        return new String(call.body(), 0, bytes, StandardCharsets.UTF_8);
    }
}
