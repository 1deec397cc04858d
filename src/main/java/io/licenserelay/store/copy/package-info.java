/**
 * Copies the state of a relay from SQLite to PostgreSQL, with no relay running on either side. The target is one transaction: it has all
 * rows, compared with those of the source, or none. A copy reads the source in one snapshot and never writes it. Memory is bounded by the
 * largest row, not by the number of rows.
 */
@NullMarked
package io.licenserelay.store.copy;

import org.jspecify.annotations.NullMarked;
