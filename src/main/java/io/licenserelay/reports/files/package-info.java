/**
 * Files and folders that the relay shares with other users: reports come in, acknowledgements go out. Paths are opened relative to
 * open folders, so that nobody can swap a folder for a link. Files are written whole or not at all.
 */
@NullMarked
package io.licenserelay.reports.files;

import org.jspecify.annotations.NullMarked;
