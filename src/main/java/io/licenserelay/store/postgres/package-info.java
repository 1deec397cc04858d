/**
 * The state in PostgreSQL, which several relays share. Everything that only PostgreSQL understands is here or in the package
 * {@code cluster}; statements of the domains are the same as on SQLite.
 *
 * <p>A write first locks the row of its site in {@code site_owner} and compares node and epoch with what this relay believes to
 * own. So a relay that was paused or cut off cannot write after another relay has taken the site over, and writes of one site
 * run one after the other, as all domain code assumes. Writes of different sites do not wait for each other.
 */
@NullMarked
package io.licenserelay.store.postgres;

import org.jspecify.annotations.NullMarked;
