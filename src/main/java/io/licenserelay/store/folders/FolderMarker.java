package io.licenserelay.store.folders;

import java.nio.file.Path;
import java.time.Instant;

/**
 * The marker of a folder, as the database knows it.
 *
 * @param value the content of the marker file
 * @param node the node that wrote or found the file first
 * @param path the path of the folder on that node
 */
public record FolderMarker(String value, String node, String path, Instant at) {
    /** The name of the file. It starts with a dot, so that an inbox does not take it for a report. */
    public static final String FILE = ".license-relay-shared";

    /** The command that puts the marker into a folder by hand. */
    String command(Path folder) {
        return "echo " + value + " > " + folder.resolve(FILE);
    }
}
