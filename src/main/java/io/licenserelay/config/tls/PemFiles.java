package io.licenserelay.config.tls;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Caches the trust anchors of PEM files, and reads a file again after it changed. Thread-safe. */
final class PemFiles {
    private static final Logger LOG = LoggerFactory.getLogger(PemFiles.class);

    private final List<Path> pems;
    private List<Stamp> stamps;
    private TrustAnchors anchors;
    private boolean stale;

    /** The file key detects a replaced file even if size and time are equal, as with mounted secrets. */
    private record Stamp(
            long size, FileTime modified, @Nullable Object key) {}

    PemFiles(List<Path> pems) throws IOException {
        this.pems = List.copyOf(pems);
        this.stamps = stamps();
        this.anchors = TrustAnchors.read(pems);
    }

    /** The current anchors of the files, or the last valid ones if the files cannot be read. */
    synchronized TrustAnchors anchors() {
        try {
            // The state is recorded before the files are read: a file that changes in between is read again next time.
            List<Stamp> now = stamps();
            if (!now.equals(stamps)) {
                anchors = TrustAnchors.read(pems);
                stamps = now;
                LOG.info("Certificates read again from {}", pems);
            }
            stale = false;
        } catch (IOException e) {
            if (!stale) {
                LOG.warn("Cannot read the certificates again; the previous ones stay in use: {}", e.getMessage());
            }
            stale = true;
        }
        return anchors;
    }

    private List<Stamp> stamps() throws IOException {
        List<Stamp> stamps = new ArrayList<>();
        for (Path pem : pems) {
            BasicFileAttributes file = Files.readAttributes(pem, BasicFileAttributes.class);
            stamps.add(new Stamp(file.size(), file.lastModifiedTime(), file.fileKey()));
        }
        return stamps;
    }
}
