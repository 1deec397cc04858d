/** Diagnosis without a server: evidence bundles, log files from other people, captures, and messages copied from a GUI. */
@NullMarked
package io.licenserelay.doctor.offline;

import org.jspecify.annotations.NullMarked;
