/** Faults that can be switched while a simulator runs: of connections, TLS, certificates and answers. */
@NullMarked
package io.licenserelay.simulator.fault;

import org.jspecify.annotations.NullMarked;
