/** A simulated SSM On-Prem over real TLS, with OAuth, licenses, usage reports and acknowledgements. */
@NullMarked
package io.licenserelay.simulator.ssm;

import org.jspecify.annotations.NullMarked;
