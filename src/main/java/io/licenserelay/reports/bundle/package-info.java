/**
 * Bundles that people carry: usage bundles for the cloud's upload page, and the archive that proves what became of reports.
 */
@NullMarked
package io.licenserelay.reports.bundle;

import org.jspecify.annotations.NullMarked;
