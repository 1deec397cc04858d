/**
 * The one way out over HTTP. A request is an {@code HttpCall}. The routes {@code http-request} and {@code http-attempt} send it, with
 * repetition and circuit breaker, by {@link io.licenserelay.http.ServerComponent}: Camel's HTTP producer over the client of the call's
 * target. Sessions reach the routes through {@link io.licenserelay.http.RouteSender}. Commands without routes call
 * {@link io.licenserelay.http.HttpRequests}, which sends once.
 *
 * <p>Every header, body and duration of an answer has a limit, answers of all sites share one memory budget, and only harmless headers are
 * shown. Logins, cookies and tokens are not here but in the session of each kind of server, because each is another protocol; the same holds
 * for the decision whether a password may be sent. Every class is thread-safe unless it says otherwise.
 */
@NullMarked
package io.licenserelay.http;

import org.jspecify.annotations.NullMarked;
