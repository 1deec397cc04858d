/**
 * The one way out over HTTP. A request is an {@code HttpCall}; {@link io.licenserelay.http.HttpRequests} sends it once over the client of its
 * target. The routes {@code http-request} and {@code http-attempt} add repetition and circuit breaker; sessions reach them through
 * {@link io.licenserelay.http.RouteSender}, commands without routes call {@code HttpRequests} alone.
 *
 * <p>Every header, body and duration of an answer has a limit, answers of all sites share one memory budget, and only harmless headers are
 * shown. Logins, cookies and tokens are not here but in the session of each kind of server, because each is another protocol; the same holds
 * for the decision whether a password may be sent. Every class is thread-safe unless it says otherwise.
 */
@NullMarked
package io.licenserelay.http;

import org.jspecify.annotations.NullMarked;
