/**
 * From a file in an inbox to the ledger: find files that nobody writes to, claim each by one rename, read it, move it to {@code
 * done/} or {@code rejected/}. Each site has its own lock, so that an inbox that hangs delays only its own site.
 */
@NullMarked
package io.licenserelay.reports.inbox;

import org.jspecify.annotations.NullMarked;
