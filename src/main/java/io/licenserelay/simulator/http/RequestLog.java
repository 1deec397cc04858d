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
    /** The number of requests that are kept. The counters include all requests. */
    public static final int MAX_REQUESTS = 1000;

    private static final int MAX_PATHS = 10_000;

    private final Deque<RecordedRequest> newest = new ArrayDeque<>();
    private final Map<String, Integer> perPath = new HashMap<>();
    private final Map<Grant, Integer> perGrant = new EnumMap<>(Grant.class);
    private int passwordAttempts;
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
     * The number of requests for a path.
     *
     * @param path still percent-encoded; only the first 10,000 different paths are counted
     */
    public synchronized int count(String path) {
        return perPath.getOrDefault(path, 0);
    }

    /** The number of requests to a token endpoint with this grant, successful or not. */
    public synchronized int tokenRequests(Grant grant) {
        return perGrant.getOrDefault(grant, 0);
    }

    /** The number of times a user's password was checked. It is checked only if the client and its grant are valid. */
    public synchronized int passwordAttempts() {
        return passwordAttempts;
    }

    /** The number of these checks that failed. Such failures lock accounts. */
    public synchronized int wrongPasswords() {
        return wrongPasswords;
    }

    public synchronized void clear() {
        newest.clear();
        perPath.clear();
        perGrant.clear();
        passwordAttempts = 0;
        wrongPasswords = 0;
        total = 0;
    }

    public synchronized void record(Call call) {
        total++;
        if (perPath.size() < MAX_PATHS || perPath.containsKey(call.rawPath())) {
            perPath.merge(call.rawPath(), 1, Integer::sum);
        }
        if (newest.size() == MAX_REQUESTS) {
            newest.removeFirst();
        }
        newest.addLast(new RecordedRequest(
                Instant.now(), call.method(), call.rawPath(), call.query(), headers(call), start(call), call.client()));
    }

    public synchronized void tokenRequest(Grant grant) {
        perGrant.merge(grant, 1, Integer::sum);
    }

    public synchronized void passwordAttempt(boolean right) {
        passwordAttempts++;
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
