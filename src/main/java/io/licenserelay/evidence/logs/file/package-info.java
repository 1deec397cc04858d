/** Reads a time window from a log file, plain or compressed, without reading the whole file. */
@NullMarked
package io.licenserelay.evidence.logs.file;

import org.jspecify.annotations.NullMarked;
