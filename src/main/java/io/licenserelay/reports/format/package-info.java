/**
 * Readers of everything that holds usage reports: RUM files in XML and JSON, device answers, the output of {@code show license}
 * commands, and acknowledgement files. Input comes from others: size, depth and number of tokens are bounded, and a file that cannot
 * be read is a {@code MalformedReport} that names the place.
 */
@NullMarked
package io.licenserelay.reports.format;

import org.jspecify.annotations.NullMarked;
