package io.licenserelay.http;

import io.licenserelay.http.failure.HttpCall;
import io.licenserelay.http.failure.SsmUnavailable;
import java.io.IOException;

/** Sends the requests of a session. Thread-safe. */
@FunctionalInterface
public interface HttpSender {

    /**
     * Sends the request and returns the answer. The caller closes the answer.
     *
     * @throws SsmUnavailable for 429 and 5xx, unless the call is {@link HttpCall#onlyOnce sent once} and {@link HttpCall#unchecked
     *     unchecked}
     * @throws IOException when no answer was received
     */
    HttpAnswer send(HttpCall call) throws IOException;
}
