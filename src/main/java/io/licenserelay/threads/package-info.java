/**
 * The threads that all sites share. A thread exists while it works and some seconds longer, so the number of threads depends on
 * the current work, not on the number of sites. This package uses no other package of the relay.
 */
@NullMarked
package io.licenserelay.threads;

import org.jspecify.annotations.NullMarked;
