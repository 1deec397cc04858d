/** The formats of log lines, one class per format. */
@NullMarked
package io.licenserelay.evidence.logs.format;

import org.jspecify.annotations.NullMarked;
