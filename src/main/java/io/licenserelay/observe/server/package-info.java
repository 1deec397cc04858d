/** The management server: GET for health and metrics on a port of its own. Its event loop never blocks. */
@NullMarked
package io.licenserelay.observe.server;

import org.jspecify.annotations.NullMarked;
