package io.licenserelay.simulator.manager;

import io.licenserelay.simulator.http.Call;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The open sessions of the simulated Manager, by cookie or by bearer token. Safe for use by many threads. */
final class ManagerSessions {
    /** The limit of sessions that Cisco documents. */
    static final int DEFAULT_LIMIT = 250;

    private static final Pattern COOKIE = Pattern.compile("JSESSIONID=([^;,\\s]+)");
    private static final SecureRandom RANDOM = new SecureRandom();

    private final Map<String, Session> open = new ConcurrentHashMap<>();
    private int limit = DEFAULT_LIMIT;

    /** @param xsrf the token that every POST request must contain */
    record Session(String id, String user, String xsrf, boolean bearer) {}

    /** Opens a session. Returns an empty result if the limit of sessions is reached. */
    synchronized Optional<Session> open(String user, boolean bearer) {
        if (open.size() >= limit) {
            return Optional.empty();
        }
        Session session = new Session(random(24), user, random(50), bearer);
        open.put(session.id, session);
        return Optional.of(session);
    }

    @Nullable
    Session of(Call call) {
        String id = id(call);
        return id == null ? null : open.get(id);
    }

    private static @Nullable String id(Call call) {
        String authorization = call.header("Authorization");
        if (authorization != null && authorization.startsWith("Bearer ")) {
            return authorization.substring("Bearer ".length());
        }
        String cookies = call.header("Cookie");
        Matcher cookie = COOKIE.matcher(cookies == null ? "" : cookies);
        return cookie.find() ? cookie.group(1) : null;
    }

    void close(Session session) {
        open.remove(session.id);
    }

    /** Ends all sessions without a notice to their clients. */
    void expireAll() {
        open.clear();
    }

    int count() {
        return open.size();
    }

    synchronized void atMost(int sessions) {
        limit = sessions;
    }

    private static String random(int bytes) {
        byte[] random = new byte[bytes];
        RANDOM.nextBytes(random);
        return HexFormat.of().withUpperCase().formatHex(random);
    }
}
