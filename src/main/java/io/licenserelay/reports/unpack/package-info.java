/**
 * Opens gzip, tar and zip archives, also nested ones. The content, not the file name, determines the type. The unpacked
 * size is bounded, independent of the sizes that the archive declares.
 */
@NullMarked
package io.licenserelay.reports.unpack;

import org.jspecify.annotations.NullMarked;
