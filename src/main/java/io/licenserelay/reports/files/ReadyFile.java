package io.licenserelay.reports.files;

import java.nio.file.Path;

/**
 * A file in an inbox that stayed the same between two checks, or a folder that lies too deep.
 *
 * @param below its path within the inbox
 * @param stamp as it was both times
 */
public record ReadyFile(Path below, FileStamp stamp) {

    /** For people, and for the database. */
    public String name() {
        return below.toString();
    }
}
