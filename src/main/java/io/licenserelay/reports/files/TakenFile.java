package io.licenserelay.reports.files;

import io.licenserelay.config.site.Place;
import io.licenserelay.config.site.Site;
import io.licenserelay.reports.format.ReportSource;
import java.nio.file.Path;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A file of an inbox that the relay has taken, or reads where it lies, as the database knows it.
 *
 * @param id its name in {@code .work}, unique per site
 * @param name its path below the inbox, as it came
 * @param va whose it is, when its folders say so
 * @param stamp size and time of the content, as {@link FileStamp#content()} writes them
 * @param inode of the file; empty where there are none
 * @param digest SHA-256 of what was read; null when nothing was
 * @param bytes how many bytes were read
 * @param target where it goes, below the parent folder of the inbox; null when it was not read or stays where it was found
 * @param stuck why it cannot be moved; null when it can
 * @param hasComplaint whether anything in it is of no use
 * @param takenAt when it was taken first
 * @param checks how often it was compared with what was read, since it was read
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
        boolean hasComplaint,
        Instant takenAt,
        long checks) {
    /** {@code inbox/account/va/file} */
    static final int DEEPEST = 3;

    public static TakenFile of(Site site, ReadyFile file, String id, Instant now) {
        Path below = file.below();
        Place va = below.getNameCount() == DEEPEST
                ? site.place().account(folder(below, 0)).va(folder(below, 1))
                : null;
        FileStamp stamp = file.stamp();
        return new TakenFile(id, file.name(), va, stamp.content(), stamp.inode(), null, 0, null, null, false, now, 0);
    }

    /** One that lies in {@code .work} though the database does not know it, as after a restored backup. */
    public static TakenFile unknown(String id, FileStamp stamp, Instant now) {
        return new TakenFile(id, id, null, stamp.content(), stamp.inode(), null, 0, null, null, false, now, 0);
    }

    public boolean is(FileStamp now) {
        return stamp.equals(now.content()) && inode.equals(now.inode());
    }

    /** Whether it was read as it is now. */
    public boolean wasRead(FileStamp now) {
        return target != null && is(now);
    }

    public ReportSource in(Site site) {
        return new ReportSource(site, own(), va, name);
    }

    public TakenFile with(FileStamp now) {
        return new TakenFile(
                id, name, va, now.content(), now.inode(), digest, bytes, target, stuck, hasComplaint, takenAt, checks);
    }

    /**
     * As it was read.
     *
     * @param readDigest null when none of its bytes was read
     */
    public TakenFile read(FileStamp as, @Nullable String readDigest, long readBytes, boolean complaint) {
        return new TakenFile(
                id, name, va, as.content(), as.inode(), readDigest, readBytes, target, stuck, complaint, takenAt, 0);
    }

    public TakenFile to(String goesTo) {
        return new TakenFile(id, name, va, stamp, inode, digest, bytes, goesTo, stuck, hasComplaint, takenAt, checks);
    }

    public TakenFile stuck(@Nullable String why) {
        return new TakenFile(id, name, va, stamp, inode, digest, bytes, target, why, hasComplaint, takenAt, checks);
    }

    /** Its name without folders. */
    String own() {
        return name.substring(name.lastIndexOf('/') + 1);
    }

    /** Why it is not read; null when it is. */
    @Nullable
    public String refusal(FileStamp now) {
        if (now.kind() == FileStamp.Kind.LINK) {
            return "it is a link, and links are not followed";
        }
        if (name.chars().filter(each -> each == '/').count() >= DEEPEST) {
            return "it lies deeper than inbox/{account}/{virtual account}/";
        }
        return now.kind() == FileStamp.Kind.FILE ? null : "it is no regular file";
    }

    private static String folder(Path below, int index) {
        return FileNames.decode(below.getName(index).toString());
    }
}
