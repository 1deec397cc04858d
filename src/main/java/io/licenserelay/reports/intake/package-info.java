/**
 * Registers the reports of files, Kafka records and devices in the ledger: the one entrance for all of them. A record without a
 * usable report ends as an {@code UnusableRecord} with the reason.
 */
@NullMarked
package io.licenserelay.reports.intake;

import org.jspecify.annotations.NullMarked;
