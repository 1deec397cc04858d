/**
 * Usage reports (RUM): read from files, kept in the ledger with every state they pass, sent in submissions, matched with
 * their acknowledgements. Payloads are never written anew: their signature covers each byte. How SSM's interface spells a
 * submission is not known here.
 */
@NullMarked
package io.licenserelay.usage;

import org.jspecify.annotations.NullMarked;
