package io.licenserelay.config.tls;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Caches the trust anchors of PEM files, and reads a file again after it changed. Thread-safe. */
final class PemFiles {
    private static final Logger LOG = LoggerFactory.getLogger(PemFiles.class);

    private final List<Path> pems;
    private List<FileVersion> versions;
    private TrustAnchors anchors;
    private boolean stale;

    PemFiles(List<Path> pems) throws IOException {
        this.pems = List.copyOf(pems);
        this.versions = FileVersion.of(pems);
        this.anchors = TrustAnchors.read(pems);
    }

    /** The current anchors of the files, or the last valid ones if the files cannot be read. */
    synchronized TrustAnchors anchors() {
        try {
            // The state is recorded before the files are read: a file that changes in between is read again next time.
            List<FileVersion> now = FileVersion.of(pems);
            if (!now.equals(versions)) {
                anchors = TrustAnchors.read(pems);
                versions = now;
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
}
