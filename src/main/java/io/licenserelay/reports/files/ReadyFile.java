package io.licenserelay.reports.files;

import java.nio.file.Path;

/**
 * A file in an inbox that did not change between two checks, or a folder that is nested too deeply.
 *
 * @param below the path within the inbox
 * @param stamp the same in both checks
 */
public record ReadyFile(Path below, FileStamp stamp) {

    /** The path as text, for people and for the database. */
    public String name() {
        return below.toString();
    }
}
