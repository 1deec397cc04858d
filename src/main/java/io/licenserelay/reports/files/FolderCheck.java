package io.licenserelay.reports.files;

import io.licenserelay.config.site.Site;
import java.io.IOException;

/**
 * Verifies the folders of a site's reports before they are read or written. Implementations are thread-safe.
 */
public interface FolderCheck {
    /** For the only relay of a data folder: no other relay has to find the same files. */
    FolderCheck LOCAL = new LocalFolders();

    /**
     * Verifies the inbox, and the folder that has {@code done/}, {@code rejected/} and {@code quarantine/} beside it.
     *
     * @throws IOException if the folders must not be used now
     */
    void requireInbox(Site site) throws IOException;

    /**
     * Verifies the outbox.
     *
     * @throws IOException if the folder must not be used now
     */
    void requireOutbox(Site site) throws IOException;

    /**
     * Verifies again the folders of the site that the last check did not allow to use. Reads and writes nothing in them apart from the check.
     * The relay need not own the site.
     */
    void recheck(Site site);

    /** Whether the last check of each folder of the site allowed its use. A site without a check is usable. Does not block. */
    boolean isUsable(String site);
}
