/**
 * Imports files of inboxes into the ledger: finds complete files, claims each by one rename, reads it, and moves it to
 * {@code done/} or {@code rejected/}. Each site has its own lock, so that an inbox that hangs delays only its own site.
 */
@NullMarked
package io.licenserelay.reports.inbox;

import org.jspecify.annotations.NullMarked;
