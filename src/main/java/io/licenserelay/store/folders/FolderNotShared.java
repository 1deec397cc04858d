package io.licenserelay.store.folders;

import java.nio.file.FileSystemException;
import java.nio.file.Path;

/** A folder does not have the marker that the database knows for it: on this node it is not the folder that the other nodes use. */
public final class FolderNotShared extends FileSystemException {
    private static final long serialVersionUID = 1L;

    FolderNotShared(Path folder, String why) {
        super(folder.toString(), null, why);
    }
}
