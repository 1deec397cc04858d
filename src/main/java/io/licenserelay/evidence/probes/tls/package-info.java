/** A TLS handshake and the certificates that a server shows, with every reason not to trust them told apart. */
@NullMarked
package io.licenserelay.evidence.probes.tls;

import org.jspecify.annotations.NullMarked;
