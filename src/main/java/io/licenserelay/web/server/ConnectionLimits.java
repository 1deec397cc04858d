package io.licenserelay.web.server;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Limits the connections of the server: their number, and the time until a request has arrived whole. A client that sends one byte now and
 * then is not idle, so the idle limit of the server does not end it. Thread-safe.
 */
final class ConnectionLimits {
    private final Vertx vertx;
    private final int most;
    private final Duration patience;
    private final AtomicInteger open = new AtomicInteger();

    /** The timer that ends a connection, by connection. */
    private final Map<HttpConnection, Long> timers = new ConcurrentHashMap<>();

    /**
     * @param most connections that are open at the same time
     * @param patience how long a connection may be open without a request
     */
    ConnectionLimits(Vertx vertx, int most, Duration patience) {
        this.vertx = vertx;
        this.most = most;
        this.patience = patience;
    }

    /** A connection was accepted. */
    void opened(HttpConnection connection) {
        if (open.incrementAndGet() > most) {
            open.decrementAndGet();
            connection.close();
            return;
        }
        limit(connection);
        connection.closeHandler(closed -> {
            open.decrementAndGet();
            cancel(connection);
        });
    }

    /** A request has begun. If it has not arrived whole after the given time, its connection ends. */
    void began(RoutingContext context, Duration longest) {
        HttpServerRequest request = context.request();
        HttpConnection connection = request.connection();
        cancel(connection);
        timers.put(connection, vertx.setTimer(longest.toMillis(), over -> {
            if (!request.isEnded()) {
                connection.close();
            }
        }));
        context.addEndHandler(answered -> limit(connection));
    }

    private void limit(HttpConnection connection) {
        cancel(connection);
        timers.put(connection, vertx.setTimer(patience.toMillis(), over -> connection.close()));
    }

    private void cancel(HttpConnection connection) {
        Long timer = timers.remove(connection);
        if (timer != null) {
            vertx.cancelTimer(timer);
        }
    }
}
