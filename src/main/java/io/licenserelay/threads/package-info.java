/**
 * The threads that all sites share. A thread exists while it works and some seconds longer, so that their number follows the work under
 * way and not the number of sites. This package knows no other package of the relay.
 */
@NullMarked
package io.licenserelay.threads;

import org.jspecify.annotations.NullMarked;
