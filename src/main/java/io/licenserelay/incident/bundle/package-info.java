/** Evidence bundles: one file per incident with all collected evidence, readable without the relay. */
@NullMarked
package io.licenserelay.incident.bundle;

import org.jspecify.annotations.NullMarked;
