/** How fast it is, measured against floors in the same run. Started by hand, not by the tests; see {@code Benchmarks}. */
@NullMarked
package io.licenserelay.bench;

import org.jspecify.annotations.NullMarked;
