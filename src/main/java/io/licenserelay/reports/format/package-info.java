/**
 * Readers of all formats that contain usage reports: RUM files in XML and JSON, device answers, the output of
 * {@code show license} commands, and acknowledgement files. Input is untrusted: size, depth and number of tokens are
 * bounded. Input that cannot be read leads to a {@code MalformedReport} that names the place.
 */
@NullMarked
package io.licenserelay.reports.format;

import org.jspecify.annotations.NullMarked;
