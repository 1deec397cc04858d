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

/** Keeps the anchors of PEM files and reads them again when a file is not what it was. Thread-safe. */
final class PemFiles {
    private static final Logger LOG = LoggerFactory.getLogger(PemFiles.class);

    private final List<Path> pems;
    private List<Stamp> stamps;
    private TrustAnchors anchors;
    private boolean stale;

    /** The key tells a replaced file even when size and time are equal, as with mounted secrets. */
    private record Stamp(
            long size, FileTime modified, @Nullable Object key) {}

    PemFiles(List<Path> pems) throws IOException {
        this.pems = List.copyOf(pems);
        this.stamps = stamps();
        this.anchors = TrustAnchors.read(pems);
    }

    /** What the files hold now, or what they last held when they cannot be read. */
    synchronized TrustAnchors anchors() {
        try {
            // Taken before reading: a file that changes in between is read once more the next time.
            List<Stamp> now = stamps();
            if (!now.equals(stamps)) {
                anchors = TrustAnchors.read(pems);
                stamps = now;
                LOG.info("Certificates read again from {}", pems);
            }
            stale = false;
        } catch (IOException e) {
            if (!stale) {
                LOG.warn("Certificates cannot be read again, the last good ones stay in use: {}", e.getMessage());
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
