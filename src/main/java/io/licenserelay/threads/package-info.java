/**
 * The threads that all sites share. A thread exists while it works and some seconds longer, so that the number of threads follows
 * the work under way, not the number of sites. It knows no other package of the relay.
 */
@NullMarked
package io.licenserelay.threads;

import org.jspecify.annotations.NullMarked;
