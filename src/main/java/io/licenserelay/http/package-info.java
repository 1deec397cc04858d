/**
 * The only package that sends HTTP requests to servers. A request is an {@code HttpCall}. The routes {@code http-request} and {@code
 * http-attempt} send it with retries and the circuit breaker, through {@link io.licenserelay.http.ServerComponent}: Camel's HTTP producer
 * over the HTTP client of the target. Sessions use the routes through {@link io.licenserelay.http.RouteSender}; commands without routes use
 * {@link io.licenserelay.http.HttpRequests}, which sends a request once.
 *
 * <p>Every header, body and duration of an answer has a limit. The answers of all sites share one memory budget. Only headers of an
 * allow-list are published. Logins, cookies and tokens belong to the session of each kind of server, because each has its own protocol. The
 * session also decides whether a password may be sent. Every class is thread-safe unless its Javadoc says otherwise.
 */
@NullMarked
package io.licenserelay.http;

import org.jspecify.annotations.NullMarked;
