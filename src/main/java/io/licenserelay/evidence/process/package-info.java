/** Child processes without the relay's environment, and their output within bounds. */
@NullMarked
package io.licenserelay.evidence.process;

import org.jspecify.annotations.NullMarked;
