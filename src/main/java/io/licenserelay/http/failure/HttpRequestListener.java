package io.licenserelay.http.failure;

import java.time.Duration;

/** Observes every HTTP request that the relay sends, also each repetition. Its methods return at once, throw nothing, and are thread-safe. */
public interface HttpRequestListener {
    /** Observes nothing. */
    HttpRequestListener NONE = new HttpRequestListener() {
        @Override
        public void answered(HttpCall call, int status, Duration took) {}

        @Override
        public void unanswered(HttpCall call, Duration took) {}
    };

    /**
     * The head of an answer has arrived.
     *
     * @param took from the request to the head of the answer
     */
    void answered(HttpCall call, int status, Duration took);

    /** No answer has arrived: the connection failed, or the answer was too late or invalid. */
    void unanswered(HttpCall call, Duration took);
}
