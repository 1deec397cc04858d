/**
 * Registers the reports of files, Kafka records and devices in the ledger. All reports enter the ledger here. A record
 * without a usable report leads to an {@code UnusableRecord} with the reason.
 */
@NullMarked
package io.licenserelay.reports.intake;

import org.jspecify.annotations.NullMarked;
