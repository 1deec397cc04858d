/**
 * Decides what is well and what is late: push incidents that are over, deadlines that pass, device statuses that say more than the
 * ledger, and content that may be removed.
 */
@NullMarked
package io.licenserelay.reports.health;

import org.jspecify.annotations.NullMarked;
