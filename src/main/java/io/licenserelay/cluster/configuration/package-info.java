/**
 * What the nodes of a cluster have in their configurations, site by site, as digests. {@code ConfigurationComparison} decides which digest of
 * a site is the newest and which nodes may own the site; it is pure. {@code ConfigurationTable} has the SQL, for PostgreSQL alone. What a
 * digest covers is decided by whoever computes it; here it is a text that is equal or not.
 */
@NullMarked
package io.licenserelay.cluster.configuration;

import org.jspecify.annotations.NullMarked;
