/**
 * Reads the lines of a log around a failure, and determines the time they cover. Other programs write these lines: they are limited in
 * size, stripped of control characters, and interpreted only according to their formats.
 */
@NullMarked
package io.licenserelay.evidence.logs;

import org.jspecify.annotations.NullMarked;
