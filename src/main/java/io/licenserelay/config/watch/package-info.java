/**
 * Notices that files of the configuration changed while the relay runs, and reads them again as a whole. It decides whether the new
 * configuration is valid and what differs. It does not apply anything, and reports no incidents: its caller does.
 *
 * <p>{@link io.licenserelay.config.watch.ConfigurationWatch#poll} is called by one thread at a time. It reads files and never writes.
 */
@NullMarked
package io.licenserelay.config.watch;

import org.jspecify.annotations.NullMarked;
