/**
 * Sends traces to a collector by OpenTelemetry: the routes of a run are spans by Camel's own tracer, requests and transactions are spans by
 * this package. Nothing but {@link io.licenserelay.app.trace.Tracings} loads its other classes. Spans wait in a bounded queue and are sent
 * by a thread of their own; a collector that is slow or unreachable loses spans and delays no run.
 */
@NullMarked
package io.licenserelay.app.trace;

import org.jspecify.annotations.NullMarked;
