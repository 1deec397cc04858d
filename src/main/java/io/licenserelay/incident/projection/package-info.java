/** Converts failures for alerting systems, each on a separate topic. */
@NullMarked
package io.licenserelay.incident.projection;

import org.jspecify.annotations.NullMarked;
