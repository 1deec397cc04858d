/** Reads a time window out of a log file, plain or compressed, without reading all of it. */
@NullMarked
package io.licenserelay.evidence.logs.file;

import org.jspecify.annotations.NullMarked;
