/**
 * The ledger of usage reports: every report with every state it passed, the owner of each device, its deadlines, and the
 * acknowledgements that match no report. Every method works in the caller's transaction, so that a state, its history and its event
 * are committed together or not at all.
 */
@NullMarked
package io.licenserelay.reports.ledger;

import org.jspecify.annotations.NullMarked;
