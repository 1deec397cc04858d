/**
 * Bounded connections to a server: every header, body and duration has a limit, answers of all sites share one memory budget, and
 * only harmless headers are shown.
 */
@NullMarked
package io.licenserelay.http;

import org.jspecify.annotations.NullMarked;
