/** Failures in the forms of alerting systems, each on a topic of its own. */
@NullMarked
package io.licenserelay.incident.projection;

import org.jspecify.annotations.NullMarked;
