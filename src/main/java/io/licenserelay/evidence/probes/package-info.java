/**
 * Probes of a site's SSM from outside: connections, answers, clocks. A probe is read-only: it sends no credentials and no request that
 * changes anything.
 */
@NullMarked
package io.licenserelay.evidence.probes;

import org.jspecify.annotations.NullMarked;
