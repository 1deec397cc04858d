/**
 * What this process works for: everything, with SQLite, or its share of a cluster, with PostgreSQL. A {@code Membership} opens
 * the database and tells the relay which sites begin and end. It knows nothing of what the relay does for a site.
 */
@NullMarked
package io.licenserelay.app.member;

import org.jspecify.annotations.NullMarked;
