/** Certificates and TLS for simulated servers. */
@NullMarked
package io.licenserelay.simulator.tls;

import org.jspecify.annotations.NullMarked;
