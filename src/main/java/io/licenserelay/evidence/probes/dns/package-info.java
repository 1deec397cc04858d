/** The name of a server, by this machine's resolution and by every name server alone. */
@NullMarked
package io.licenserelay.evidence.probes.dns;

import org.jspecify.annotations.NullMarked;
