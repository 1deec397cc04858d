/**
 * Files and folders that the relay shares with other users: incoming reports and outgoing acknowledgements. Paths are
 * opened relative to open folders, so that replacing a folder with a link has no effect. Files are written atomically.
 */
@NullMarked
package io.licenserelay.reports.files;

import org.jspecify.annotations.NullMarked;
