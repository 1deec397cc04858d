/** Polls for acknowledgements, imports them from files, and writes them to the outbox for devices. */
@NullMarked
package io.licenserelay.reports.ack;

import org.jspecify.annotations.NullMarked;
