/**
 * The incident as its events tell it, and the limit on the size of an event: the least telling part is cut first, and named.
 */
@NullMarked
package io.licenserelay.incident.event;

import org.jspecify.annotations.NullMarked;
