/**
 * Files that people transport: usage bundles for the cloud's upload page, and the archive that proves the fate of
 * reports.
 */
@NullMarked
package io.licenserelay.reports.bundle;

import org.jspecify.annotations.NullMarked;
