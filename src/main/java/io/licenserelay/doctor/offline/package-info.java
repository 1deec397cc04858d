/** Diagnosis without a server: bundles, mailed log files, captures, and messages copied from a screen. */
@NullMarked
package io.licenserelay.doctor.offline;

import org.jspecify.annotations.NullMarked;
