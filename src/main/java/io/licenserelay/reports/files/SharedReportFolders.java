package io.licenserelay.reports.files;

import io.licenserelay.config.site.Site;
import io.licenserelay.store.Database;
import io.licenserelay.store.folders.FolderMarkers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Folders that all nodes of a cluster mount: each has a marker. The folder that has {@code done/}, {@code rejected/} and {@code quarantine/}
 * has one of its own, because the inbox alone may be mounted. A site without reports needs no folder.
 */
public final class SharedReportFolders implements FolderCheck {
    private static final Logger LOG = LoggerFactory.getLogger(SharedReportFolders.class);
    private static final String INBOX = "inbox";
    private static final String BESIDE_INBOX = "beside-inbox";
    private static final String OUTBOX = "outbox";

    private final FolderMarkers markers;

    public SharedReportFolders(FolderMarkers markers) {
        this.markers = markers;
    }

    @Override
    public void requireInbox(Site site) throws IOException {
        if (isUsed(site, site.reports().inbox())) {
            markers.require(site.name(), INBOX, site.reports().inbox());
            markers.require(site.name(), BESIDE_INBOX, besideInbox(site));
        } else {
            markers.release(site.name(), INBOX);
            markers.release(site.name(), BESIDE_INBOX);
        }
    }

    @Override
    public void requireOutbox(Site site) throws IOException {
        if (isUsed(site, site.reports().outbox())) {
            markers.require(site.name(), OUTBOX, site.reports().outbox());
        } else {
            markers.release(site.name(), OUTBOX);
        }
    }

    @Override
    public void recheck(Site site) {
        for (Map.Entry<String, Path> each : folders(site).entrySet()) {
            try {
                if (isUsed(site, each.getValue())) {
                    markers.recheck(site.name(), each.getKey(), each.getValue());
                } else {
                    markers.release(site.name(), each.getKey());
                }
            } catch (IOException stillWrong) {
                LOG.debug("{}: still not usable", site.name(), stillWrong);
            }
        }
    }

    @Override
    public boolean isUsable(String site) {
        return !markers.isRefused(site);
    }

    /**
     * Verifies the folders of a site on a machine that need not run a relay. A folder that no relay has used yet is not verified.
     *
     * @param node the name of this machine, for messages
     * @throws io.licenserelay.store.folders.FolderNotShared if a folder is not the one that the relays use
     * @throws IOException if a marker cannot be read
     */
    public static void verify(Database database, String node, Site site) throws IOException {
        for (Map.Entry<String, Path> each : folders(site).entrySet()) {
            if (isUsed(site, each.getValue())) {
                FolderMarkers.verify(database, node, site.name(), each.getKey(), each.getValue());
            }
        }
    }

    private static Map<String, Path> folders(Site site) {
        Map<String, Path> folders = new LinkedHashMap<>();
        folders.put(INBOX, site.reports().inbox());
        folders.put(BESIDE_INBOX, besideInbox(site));
        folders.put(OUTBOX, site.reports().outbox());
        return folders;
    }

    private static boolean isUsed(Site site, Path folder) {
        return site.reports().push() != Site.Reports.Push.OFF || Files.isDirectory(folder);
    }

    private static Path besideInbox(Site site) {
        return site.reports().inbox().toAbsolutePath().resolveSibling("");
    }
}
