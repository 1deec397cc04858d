/**
 * The data of incident events, and the size limit of an event: the least important part is removed first and named in
 * the event.
 */
@NullMarked
package io.licenserelay.incident.event;

import org.jspecify.annotations.NullMarked;
