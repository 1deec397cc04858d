/**
 * Benchmarks of the relay, measured against floors in the same run. They are started manually and are not part of the
 * tests; see {@code Benchmarks}.
 */
@NullMarked
package io.licenserelay.bench;

import org.jspecify.annotations.NullMarked;
