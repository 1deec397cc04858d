package io.licenserelay.usage;

import java.nio.file.Path;

/**
 * A file in an inbox that stayed the same between two checks, or a folder that lies too deep.
 *
 * @param below its path within the inbox
 * @param stamp as it was both times
 */
record ReadyFile(Path below, FileStamp stamp) {

    /** For people, and for the database. */
    String name() {
        return below.toString();
    }
}
