/** A TLS handshake and the server's certificates, with every reason against trusting them. */
@NullMarked
package io.licenserelay.evidence.probes.tls;

import org.jspecify.annotations.NullMarked;
