/** Child processes without the relay's environment, with limited output. */
@NullMarked
package io.licenserelay.evidence.process;

import org.jspecify.annotations.NullMarked;
