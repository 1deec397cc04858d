/** Evidence bundles: one file per incident with everything that was collected, to be read without the relay. */
@NullMarked
package io.licenserelay.incident.bundle;

import org.jspecify.annotations.NullMarked;
