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
 * Opens whatever files are packed in, one within the other: gzip, tar and zip, told by their first bytes and never by their
 * names. Nothing is written anywhere, no link is followed, and one file at a time is held. Used by one thread, for one file.
 */
public final class ArchiveReader {
    private static final int TAR_HEADER = 512;
    private static final int TAR_MAGIC = 257;
    private static final long LONGEST_HEADER = 1 << 20;

    private final UnpackLimits budget = new UnpackLimits();
    private final int largest;
    private final Taker taker;

    /** What comes out. Names are paths within the file, empty for itself. */
    public interface Taker {

        void file(String name, byte[] content);

        void complain(String name, String reason);
    }

    /** @param largest of one unpacked file, in bytes */
    public ArchiveReader(int largest, Taker taker) {
        this.largest = largest;
        this.taker = taker;
    }

    /** Hands over every file that is in there; what cannot be read is complained about, and the others go on. */
    public void open(InputStream in) {
        try {
            open("", CountingInputStream.plain(in, budget), 0);
        } catch (UnpackLimits.Spent e) {
            taker.complain("", e.getMessage() + "; the rest of it was not read");
        } catch (IOException e) {
            taker.complain("", "it cannot be read: " + reason(e));
        }
    }

    private void open(String name, InputStream packed, int depth) throws IOException {
        UnpackLimits.depth(depth);
        try (BufferedInputStream in = new BufferedInputStream(CloseShieldInputStream.wrap(packed))) {
            in.mark(TAR_HEADER);
            byte[] head = in.readNBytes(TAR_HEADER);
            in.reset();
            if (starts(head, 0, 0x1F, 0x8B)) {
                gzip(name, in, depth);
            } else if (starts(head, 0, 'P', 'K', 3, 4) || starts(head, 0, 'P', 'K', 5, 6)) {
                zip(name, whole(name, in), depth);
            } else if (starts(head, TAR_MAGIC, 'u', 's', 't', 'a', 'r')) {
                tar(name, in, depth);
            } else {
                file(name, in);
            }
        }
    }

    private void file(String name, InputStream in) throws IOException {
        budget.file();
        byte[] content = whole(name, in);
        if (content != null) {
            taker.file(name, content);
        }
    }

    /** Null when there is too much of it, which is complained about. */
    private byte @Nullable [] whole(String name, InputStream in) throws IOException {
        byte[] content = in.readNBytes(largest + 1);
        if (content.length <= largest) {
            return content;
        }
        taker.complain(name, "it is larger than " + largest + " bytes");
        return null;
    }

    private void gzip(String name, InputStream in, int depth) throws IOException {
        try (GzipCompressorInputStream gzip = new GzipCompressorInputStream(in, true)) {
            open(name, new CountingInputStream(gzip, budget, gzip::getCompressedCount), depth + 1);
        } catch (UnpackLimits.Spent e) {
            throw e;
        } catch (IOException e) {
            taker.complain(name, "its gzip is damaged or cut: " + reason(e));
        }
    }

    private void tar(String name, InputStream in, int depth) throws IOException {
        CountingInputStream metered = CountingInputStream.plain(in, budget);
        try (TarArchiveInputStream tar = new TarArchiveInputStream(metered)) {
            for (TarArchiveEntry entry = next(tar, metered); entry != null; entry = next(tar, metered)) {
                metered.allow(Long.MAX_VALUE);
                if (!entry.isDirectory()) {
                    entry(name, entry.getName(), isPlain(entry), tar, depth);
                }
                IOUtils.consume(tar);
            }
        } catch (UnpackLimits.Spent e) {
            throw e;
        } catch (IOException | IllegalArgumentException e) {
            taker.complain(name, "its tar is damaged or cut: " + reason(e));
        }
    }

    private static boolean isPlain(TarArchiveEntry entry) {
        boolean leads = entry.isLink() || entry.isSymbolicLink();
        boolean device = entry.isFIFO() || entry.isCharacterDevice() || entry.isBlockDevice();
        return entry.isFile() && !leads && !device && !entry.isSparse();
    }

    /** Long names are read into memory before anybody sees them. */
    private static @Nullable TarArchiveEntry next(TarArchiveInputStream tar, CountingInputStream metered)
            throws IOException {
        metered.allow(LONGEST_HEADER);
        return tar.getNextEntry();
    }

    /** A zip tells of its links at its end only, so it is held as a whole. */
    private void zip(String name, byte @Nullable [] content, int depth) throws IOException {
        if (content == null) {
            return;
        }
        if (UnpackLimits.MOST_FILES < directoryEntries(content)) {
            taker.complain(name, "it holds more than " + UnpackLimits.MOST_FILES + " files");
            return;
        }
        try (ZipFile zip = ZipFile.builder()
                .setSeekableByteChannel(new SeekableInMemoryByteChannel(content))
                .get()) {
            List<ZipArchiveEntry> entries = Collections.list(zip.getEntries());
            for (ZipArchiveEntry entry : entries) {
                if (!entry.isDirectory()) {
                    zipped(name, zip, entry, depth);
                }
            }
        } catch (UnpackLimits.Spent e) {
            throw e;
        } catch (IOException | IllegalArgumentException e) {
            taker.complain(name, "its zip is damaged or cut: " + reason(e));
        }
    }

    /** At least as many as its directory has; each takes hundreds of bytes once it is read. */
    private static int directoryEntries(byte[] zip) {
        int found = 0;
        for (int at = 0; at + 3 < zip.length; at++) {
            if (zip[at] == 'P' && zip[at + 1] == 'K' && zip[at + 2] == 1 && zip[at + 3] == 2) {
                found++;
            }
        }
        return found;
    }

    private void zipped(String name, ZipFile zip, ZipArchiveEntry entry, int depth) throws IOException {
        if (!zip.canReadEntryData(entry)) {
            taker.complain(name + "/" + entry.getName(), "it is encrypted, or packed in a way that is not known here");
            return;
        }
        try (InputStream in = zip.getInputStream(entry)) {
            CountingInputStream metered =
                    new CountingInputStream(in, budget, () -> Math.max(1, entry.getCompressedSize()));
            entry(name, entry.getName(), !entry.isUnixSymlink(), metered, depth);
        }
    }

    /** One file within an archive: that it cannot be read is its own trouble, not that of its neighbours. */
    private void entry(String parent, String own, boolean plain, InputStream in, int depth) throws UnpackLimits.Spent {
        String name = parent.isEmpty() ? own : parent + "/" + own;
        String refusal = plain ? EntryNames.refusal(own) : "it is a link or no plain file, and nothing is followed";
        try {
            if (refusal == null) {
                open(name, in, depth + 1);
            } else {
                budget.file();
                taker.complain(name, refusal);
            }
        } catch (UnpackLimits.Spent e) {
            throw e;
        } catch (IOException e) {
            taker.complain(name, "it cannot be read: " + reason(e));
        }
    }

    private static boolean starts(byte[] head, int at, int... magic) {
        for (int i = 0; i < magic.length; i++) {
            if (head.length <= at + i || (head[at + i] & 0xFF) != magic[i]) {
                return false;
            }
        }
        return true;
    }

    private static String reason(Exception e) {
        String message = e.getMessage();
        return message == null ? e.getClass().getSimpleName() : EntryNames.shown(message);
    }
}
