/**
 * Incidents, from trigger to resolve. A place and flow has at most one open incident. Every change is an event in the caller's
 * transaction.
 */
@NullMarked
package io.licenserelay.incident;

import org.jspecify.annotations.NullMarked;
