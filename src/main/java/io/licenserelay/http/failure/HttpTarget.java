package io.licenserelay.http.failure;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import java.io.IOException;
import java.util.Optional;
import org.apache.hc.client5.http.classic.HttpClient;

/** The server to which a request goes: an HTTP client with the server's own trust settings, connection pool and limits. Thread-safe. */
@FunctionalInterface
public interface HttpTarget {

    HttpClient client();

    /** The circuit breaker of the server; empty if another component decides whether a request may be sent. */
    default Optional<CircuitBreaker> breaker() {
        return Optional.empty();
    }

    /** @throws IOException when no further request may be sent */
    default void checkSendingAllowed() throws IOException {}
}
