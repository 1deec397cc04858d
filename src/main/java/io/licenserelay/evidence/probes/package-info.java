/**
 * Probes of a site's SSM from outside: connections, answers, clocks. A probe only looks: no credential and no request that changes
 * anything leaves from here.
 */
@NullMarked
package io.licenserelay.evidence.probes;

import org.jspecify.annotations.NullMarked;
