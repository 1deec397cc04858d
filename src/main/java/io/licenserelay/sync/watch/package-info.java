/**
 * Checks that find trouble before or between runs: certificates and licenses that expire, changed settings, the Manager's own syncs,
 * reports that stopped, and severities that grow with time.
 */
@NullMarked
package io.licenserelay.sync.watch;

import org.jspecify.annotations.NullMarked;
