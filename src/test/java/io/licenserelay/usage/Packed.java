package io.licenserelay.usage;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipArchiveOutputStream;
import org.apache.commons.compress.compressors.gzip.GzipCompressorOutputStream;

/** Files packed in every way that reports come in. */
final class Packed {
    private Packed() {}

    /** A name with what lies under it; a link when there is no content. */
    record Entry(String name, byte[] content) {

        static Entry of(String name, String content) {
            return new Entry(name, content.getBytes(StandardCharsets.UTF_8));
        }
    }

    static byte[] gzip(byte[] content) {
        return written(out -> {
            try (OutputStream gzip = new GzipCompressorOutputStream(out)) {
                gzip.write(content);
            }
        });
    }

    static byte[] tar(Entry... entries) {
        return written(out -> tar(out, entries));
    }

    static byte[] tarGz(Entry... entries) {
        return written(out -> tar(new GzipCompressorOutputStream(out), entries));
    }

    private static void tar(OutputStream out, Entry... entries) throws IOException {
        try (TarArchiveOutputStream tar = new TarArchiveOutputStream(out)) {
            for (Entry each : entries) {
                TarArchiveEntry entry = new TarArchiveEntry(each.name(), true);
                entry.setSize(each.content().length);
                tar.putArchiveEntry(entry);
                tar.write(each.content());
                tar.closeArchiveEntry();
            }
        }
    }

    static byte[] tarOfLink(String name, byte kind, String target) {
        return written(out -> {
            try (TarArchiveOutputStream tar = new TarArchiveOutputStream(out)) {
                TarArchiveEntry entry = new TarArchiveEntry(name, kind);
                entry.setLinkName(target);
                tar.putArchiveEntry(entry);
                tar.closeArchiveEntry();
            }
        });
    }

    static byte[] tarOfSymbolicLink(String name, String target) {
        return tarOfLink(name, TarConstants.LF_SYMLINK, target);
    }

    /** GNU's way: an entry before the file's own holds its name. */
    static byte[] tarOfLongName(int length) {
        return written(out -> {
            try (TarArchiveOutputStream tar = new TarArchiveOutputStream(out)) {
                TarArchiveEntry entry = new TarArchiveEntry("././@LongLink", TarConstants.LF_GNUTYPE_LONGNAME);
                entry.setSize(length);
                tar.putArchiveEntry(entry);
                tar.write("n".repeat(length).getBytes(StandardCharsets.US_ASCII));
                tar.closeArchiveEntry();
            }
        });
    }

    static byte[] zip(Entry... entries) {
        return zip(0, entries);
    }

    /** @param mode of Unix, with the kind of file; 0 to leave it out */
    static byte[] zip(int mode, Entry... entries) {
        return written(out -> {
            try (ZipArchiveOutputStream zip = new ZipArchiveOutputStream(out)) {
                for (Entry each : entries) {
                    ZipArchiveEntry entry = new ZipArchiveEntry(each.name());
                    if (mode != 0) {
                        entry.setUnixMode(mode);
                    }
                    zip.putArchiveEntry(entry);
                    zip.write(each.content());
                    zip.closeArchiveEntry();
                }
            }
        });
    }

    /** An offline bundle in the layout that the cloud's page accepts. */
    static byte[] bundle(Entry... devices) {
        return gzip(tar(
                Entry.of("manifest.mf", "Manifest-Version: 1.0\n"),
                new Entry("UD_VA_26Nov22_py.tar.gz", gzip(tar(devices)))));
    }

    private interface Writing {
        void to(OutputStream out) throws IOException;
    }

    private static byte[] written(Writing writing) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            writing.to(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }
}
