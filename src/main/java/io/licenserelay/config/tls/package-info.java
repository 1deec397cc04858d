/** Verification of servers: CA certificates and pinned certificates, read again when their file changes. */
@NullMarked
package io.licenserelay.config.tls;

import org.jspecify.annotations.NullMarked;
