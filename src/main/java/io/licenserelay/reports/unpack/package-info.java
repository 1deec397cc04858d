/**
 * Opens gzip, tar and zip archives, one inside the other. The content, not the file name, determines the type. What an archive may
 * unpack to is bounded, whatever it claims.
 */
@NullMarked
package io.licenserelay.reports.unpack;

import org.jspecify.annotations.NullMarked;
