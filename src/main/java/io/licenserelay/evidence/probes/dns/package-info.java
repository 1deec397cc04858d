/** Resolution of a server's name: by this machine, and by each name server separately. */
@NullMarked
package io.licenserelay.evidence.probes.dns;

import org.jspecify.annotations.NullMarked;
