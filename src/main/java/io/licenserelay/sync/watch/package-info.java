/**
 * Checks that detect problems before or between runs: certificates and licenses that expire, changed settings, the
 * Manager's own syncs, problems with reports, and severities that rise with time.
 */
@NullMarked
package io.licenserelay.sync.watch;

import org.jspecify.annotations.NullMarked;
