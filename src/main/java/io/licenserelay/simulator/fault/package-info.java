/** Faults that can be set while a simulator runs: faults of connections, TLS, certificates and answers. */
@NullMarked
package io.licenserelay.simulator.fault;

import org.jspecify.annotations.NullMarked;
