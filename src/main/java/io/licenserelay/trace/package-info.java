/**
 * Traces as the relay sees them: what a trace contains, without the library that sends it. Parts of the relay know only this package, so
 * that a relay without a collector loads no class of OpenTelemetry; {@code app.trace} implements it.
 */
@NullMarked
package io.licenserelay.trace;

import org.jspecify.annotations.NullMarked;
