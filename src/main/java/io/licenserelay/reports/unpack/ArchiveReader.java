package io.licenserelay.reports.unpack;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Collections;
import java.util.List;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipFile;
import org.apache.commons.compress.compressors.gzip.GzipCompressorInputStream;
import org.apache.commons.compress.utils.SeekableInMemoryByteChannel;
import org.apache.commons.io.IOUtils;
import org.apache.commons.io.input.CloseShieldInputStream;
import org.jspecify.annotations.Nullable;

/**
 * Opens gzip, tar and zip archives, also nested ones. The first bytes of a file determine its type, never its name.
 * Nothing is written to disk, no link is followed, and one file at a time is in memory. Used by one thread, for one
 * file.
 */
public final class ArchiveReader {
    private static final int TAR_HEADER = 512;
    private static final int TAR_MAGIC = 257;
    private static final long MAX_HEADER_SIZE = 1 << 20;

    private final UnpackLimits limits = new UnpackLimits();
    private final int maxFileSize;
    private final FileConsumer consumer;

    /** Receives the unpacked files. A name is the path within the archive; it is empty for the archive itself. */
    public interface FileConsumer {

        void file(String name, byte[] content);

        void problem(String name, String reason);
    }

    /** @param maxFileSize the maximum size of one unpacked file, in bytes */
    public ArchiveReader(int maxFileSize, FileConsumer consumer) {
        this.maxFileSize = maxFileSize;
        this.consumer = consumer;
    }

    /**
     * Passes every file in the archive to the consumer. A file that cannot be read is passed as a problem, and the next
     * file follows.
     */
    public void open(InputStream in) {
        try {
            open("", CountingInputStream.plain(in, limits), 0);
        } catch (UnpackLimits.LimitExceeded e) {
            consumer.problem("", e.getMessage() + "; the rest was not read");
        } catch (IOException e) {
            consumer.problem("", "the file cannot be read: " + reason(e));
        }
    }

    private void open(String name, InputStream packed, int depth) throws IOException {
        UnpackLimits.depth(depth);
        try (BufferedInputStream in = new BufferedInputStream(CloseShieldInputStream.wrap(packed))) {
            in.mark(TAR_HEADER);
            byte[] head = in.readNBytes(TAR_HEADER);
            in.reset();
            if (startsWith(head, 0, 0x1F, 0x8B)) {
                gzip(name, in, depth);
            } else if (startsWith(head, 0, 'P', 'K', 3, 4) || startsWith(head, 0, 'P', 'K', 5, 6)) {
                zip(name, readAll(name, in), depth);
            } else if (startsWith(head, TAR_MAGIC, 'u', 's', 't', 'a', 'r')) {
                tar(name, in, depth);
            } else {
                file(name, in);
            }
        }
    }

    private void file(String name, InputStream in) throws IOException {
        limits.file();
        byte[] content = readAll(name, in);
        if (content != null) {
            consumer.file(name, content);
        }
    }

    /** Reads the whole stream; null if it is too large, which is passed as a problem. */
    private byte @Nullable [] readAll(String name, InputStream in) throws IOException {
        byte[] content = in.readNBytes(maxFileSize + 1);
        if (content.length <= maxFileSize) {
            return content;
        }
        consumer.problem(name, "the file is larger than " + maxFileSize + " bytes");
        return null;
    }

    private void gzip(String name, InputStream in, int depth) throws IOException {
        try (GzipCompressorInputStream gzip = new GzipCompressorInputStream(in, true)) {
            open(name, new CountingInputStream(gzip, limits, gzip::getCompressedCount), depth + 1);
        } catch (UnpackLimits.LimitExceeded e) {
            throw e;
        } catch (IOException e) {
            consumer.problem(name, "the gzip data is damaged or truncated: " + reason(e));
        }
    }

    private void tar(String name, InputStream in, int depth) throws IOException {
        CountingInputStream counted = CountingInputStream.plain(in, limits);
        try (TarArchiveInputStream tar = new TarArchiveInputStream(counted)) {
            for (TarArchiveEntry entry = next(tar, counted); entry != null; entry = next(tar, counted)) {
                counted.allow(Long.MAX_VALUE);
                if (!entry.isDirectory()) {
                    entry(name, entry.getName(), isPlain(entry), tar, depth);
                }
                IOUtils.consume(tar);
            }
        } catch (UnpackLimits.LimitExceeded e) {
            throw e;
        } catch (IOException | IllegalArgumentException e) {
            consumer.problem(name, "the tar archive is damaged or truncated: " + reason(e));
        }
    }

    private static boolean isPlain(TarArchiveEntry entry) {
        boolean link = entry.isLink() || entry.isSymbolicLink();
        boolean device = entry.isFIFO() || entry.isCharacterDevice() || entry.isBlockDevice();
        return entry.isFile() && !link && !device && !entry.isSparse();
    }

    /** Bounds the entry header, because long names are read into memory. */
    private static @Nullable TarArchiveEntry next(TarArchiveInputStream tar, CountingInputStream counted)
            throws IOException {
        counted.allow(MAX_HEADER_SIZE);
        return tar.getNextEntry();
    }

    /** A zip archive marks links only in its central directory at the end, so the whole archive is read into memory. */
    private void zip(String name, byte @Nullable [] content, int depth) throws IOException {
        if (content == null) {
            return;
        }
        if (UnpackLimits.MAX_FILES < directoryEntries(content)) {
            consumer.problem(name, "the archive contains more than " + UnpackLimits.MAX_FILES + " files");
            return;
        }
        try (ZipFile zip = ZipFile.builder()
                .setSeekableByteChannel(new SeekableInMemoryByteChannel(content))
                .get()) {
            List<ZipArchiveEntry> entries = Collections.list(zip.getEntries());
            for (ZipArchiveEntry entry : entries) {
                if (!entry.isDirectory()) {
                    zipEntry(name, zip, entry, depth);
                }
            }
        } catch (UnpackLimits.LimitExceeded e) {
            throw e;
        } catch (IOException | IllegalArgumentException e) {
            consumer.problem(name, "the zip archive is damaged or truncated: " + reason(e));
        }
    }

    /**
     * An upper bound for the entries of the central directory. It is checked first, because each entry takes hundreds
     * of bytes in memory.
     */
    private static int directoryEntries(byte[] zip) {
        int found = 0;
        for (int at = 0; at + 3 < zip.length; at++) {
            if (zip[at] == 'P' && zip[at + 1] == 'K' && zip[at + 2] == 1 && zip[at + 3] == 2) {
                found++;
            }
        }
        return found;
    }

    private void zipEntry(String name, ZipFile zip, ZipArchiveEntry entry, int depth) throws IOException {
        if (!zip.canReadEntryData(entry)) {
            consumer.problem(
                    name + "/" + entry.getName(), "the file is encrypted, or its compression method is not supported");
            return;
        }
        try (InputStream in = zip.getInputStream(entry)) {
            CountingInputStream counted =
                    new CountingInputStream(in, limits, () -> Math.max(1, entry.getCompressedSize()));
            entry(name, entry.getName(), !entry.isUnixSymlink(), counted, depth);
        }
    }

    /** Reads one file within an archive. An error affects only this file. */
    private void entry(String parent, String entryName, boolean plain, InputStream in, int depth)
            throws UnpackLimits.LimitExceeded {
        String name = parent.isEmpty() ? entryName : parent + "/" + entryName;
        String refusal = plain ? EntryNames.refusal(entryName) : "it is a link or a special file, which is not read";
        try {
            if (refusal == null) {
                open(name, in, depth + 1);
            } else {
                limits.file();
                consumer.problem(name, refusal);
            }
        } catch (UnpackLimits.LimitExceeded e) {
            throw e;
        } catch (IOException e) {
            consumer.problem(name, "the file cannot be read: " + reason(e));
        }
    }

    private static boolean startsWith(byte[] head, int at, int... magic) {
        for (int i = 0; i < magic.length; i++) {
            if (head.length <= at + i || (head[at + i] & 0xFF) != magic[i]) {
                return false;
            }
        }
        return true;
    }

    private static String reason(Exception e) {
        String message = e.getMessage();
        return message == null ? e.getClass().getSimpleName() : EntryNames.forMessage(message);
    }
}
