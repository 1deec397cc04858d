package io.licenserelay.reports.files;

import io.licenserelay.config.site.Place;
import io.licenserelay.config.site.Site;
import io.licenserelay.reports.format.ReportSource;
import java.nio.file.Path;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The database row of an inbox file that the relay has claimed, or that it reads in place.
 *
 * @param id the name in {@code .work}, unique per site
 * @param name the original path below the inbox
 * @param va the owner, if the folders of the file name it
 * @param stamp size and time of the content, as {@link FileStamp#content()} writes them
 * @param inode of the file; empty on file systems without inodes
 * @param digest SHA-256 of the bytes that were read; null if nothing was read
 * @param bytes number of bytes that were read
 * @param target the destination below the parent folder of the inbox; null if the file was not read or stays in the
 *     inbox
 * @param stuck why the file cannot be moved; null if it can
 * @param hasProblem whether any part of the file was unusable
 * @param takenAt when the file was first claimed
 * @param checks how often the file was compared with the content that was read
 */
public record TakenFile(
        String id,
        String name,
        @Nullable Place va,
        String stamp,
        String inode,
        @Nullable String digest,
        long bytes,
        @Nullable String target,
        @Nullable String stuck,
        boolean hasProblem,
        Instant takenAt,
        long checks) {
    /** {@code inbox/account/va/file} */
    static final int MAX_DEPTH = 3;

    public static TakenFile of(Site site, ReadyFile file, String id, Instant now) {
        Path below = file.below();
        Place va = below.getNameCount() == MAX_DEPTH
                ? site.place().account(folder(below, 0)).va(folder(below, 1))
                : null;
        FileStamp stamp = file.stamp();
        return new TakenFile(id, file.name(), va, stamp.content(), stamp.inode(), null, 0, null, null, false, now, 0);
    }

    /** A file in {@code .work} that has no database row, for example after a restored backup. */
    public static TakenFile unknown(String id, FileStamp stamp, Instant now) {
        return new TakenFile(id, id, null, stamp.content(), stamp.inode(), null, 0, null, null, false, now, 0);
    }

    public boolean hasStamp(FileStamp now) {
        return stamp.equals(now.content()) && inode.equals(now.inode());
    }

    /** Whether the current content of the file was already read. */
    public boolean wasRead(FileStamp now) {
        return target != null && hasStamp(now);
    }

    public ReportSource source(Site site) {
        return new ReportSource(site, fileName(), va, name);
    }

    public TakenFile withStamp(FileStamp now) {
        return new TakenFile(
                id, name, va, now.content(), now.inode(), digest, bytes, target, stuck, hasProblem, takenAt, checks);
    }

    /**
     * A copy with the result of reading.
     *
     * @param readDigest null if no byte was read
     */
    public TakenFile read(FileStamp stampWhenRead, @Nullable String readDigest, long readBytes, boolean problem) {
        return new TakenFile(
                id,
                name,
                va,
                stampWhenRead.content(),
                stampWhenRead.inode(),
                readDigest,
                readBytes,
                target,
                stuck,
                problem,
                takenAt,
                0);
    }

    public TakenFile withProblem(boolean problem) {
        return new TakenFile(id, name, va, stamp, inode, digest, bytes, target, stuck, problem, takenAt, checks);
    }

    public TakenFile withTarget(String destination) {
        return new TakenFile(
                id, name, va, stamp, inode, digest, bytes, destination, stuck, hasProblem, takenAt, checks);
    }

    public TakenFile stuck(@Nullable String why) {
        return new TakenFile(id, name, va, stamp, inode, digest, bytes, target, why, hasProblem, takenAt, checks);
    }

    /** The name without folders. */
    String fileName() {
        return name.substring(name.lastIndexOf('/') + 1);
    }

    /** Why the file is not read; null if it is read. */
    @Nullable
    public String refusal(FileStamp now) {
        if (now.kind() == FileStamp.Kind.LINK) {
            return "it is a link, and links are not followed";
        }
        if (name.chars().filter(each -> each == '/').count() >= MAX_DEPTH) {
            return "it is nested deeper than inbox/{account}/{virtual account}/";
        }
        return now.kind() == FileStamp.Kind.FILE ? null : "it is not a regular file";
    }

    private static String folder(Path below, int index) {
        return FileNames.decode(below.getName(index).toString());
    }
}
