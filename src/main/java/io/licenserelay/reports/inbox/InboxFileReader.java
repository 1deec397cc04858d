package io.licenserelay.reports.inbox;

import io.licenserelay.config.site.Site;
import io.licenserelay.reports.files.DigestingInputStream;
import io.licenserelay.reports.files.FileStamp;
import io.licenserelay.reports.files.OpenFolder;
import io.licenserelay.reports.files.ReadyFile;
import io.licenserelay.reports.files.TakenFile;
import io.licenserelay.reports.format.ReportFileReader;
import io.licenserelay.reports.intake.ReportIntake;
import io.licenserelay.reports.intake.ReportIntake.FileImport;
import io.licenserelay.reports.intake.ReportIntake.PendingReports;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the files of one site's inbox. A file counts as read only if nobody wrote to it meanwhile: size, time and inode
 * are the same before and after. Used under the site's lock.
 */
final class InboxFileReader {
    private static final Logger LOG = LoggerFactory.getLogger(InboxFileReader.class);
    private static final int MAX_HANGING = 4;

    private final ReportIntake intake;
    private final Duration settle;
    private final Duration timeout;
    private final Semaphore slots = new Semaphore(MAX_HANGING);
    private final Map<String, Unsettled> unsettled = new HashMap<>();

    /**
     * @param settle how long a file that changed must stay unchanged
     * @param timeout how long to wait for data of a file that is read in place
     */
    InboxFileReader(ReportIntake intake, Duration settle, Duration timeout) {
        this.intake = intake;
        this.settle = settle;
        this.timeout = timeout;
    }

    /**
     * A file that was read or refused.
     *
     * @param file the row to store
     * @param isNew whether the content was not reported before
     */
    record ReadResult(TakenFile file, FileImport imported, boolean isNew) {
        /** The result after the reports of the file were registered: the database may have refused one of them. */
        ReadResult registered() {
            return new ReadResult(file.withProblem(!imported.isGood()), imported, isNew);
        }
    }

    /** @param since by {@link System#nanoTime()} */
    private record Unsettled(FileStamp stamp, long since) {}

    /** Keeps the state of these files only: the work folder contains no others. */
    void retain(Set<String> ids) {
        unsettled.keySet().retainAll(ids);
    }

    /**
     * Reads a file in the work folder.
     *
     * @return null if the file is being written to; it waits for the next pass
     */
    @Nullable
    ReadResult readClaimed(Site site, OpenFolder work, TakenFile file, PendingReports pending) throws IOException {
        Path name = Path.of(file.id());
        FileStamp before = work.stamp(name);
        String refusal = file.refusal(before);
        if (refusal != null) {
            return refuse(site, file, before, refusal, pending);
        }
        if (!isSettled(file, before)) {
            return null;
        }
        ReadResult result = read(site, file, before, pending, () -> work.read(name));
        FileStamp after = work.stamp(name);
        if (after.equals(before)) {
            unsettled.remove(file.id());
            return result;
        }
        unsettled.put(file.id(), new Unsettled(after, System.nanoTime()));
        LOG.info("{}: {} was modified while it was read, and will be read again", site.name(), file.name());
        return null;
    }

    /**
     * Reads a file in place, in the inbox. A user with write access may replace it with a FIFO at any time, so it is
     * opened by a thread that can be abandoned.
     *
     * @return null if the file was replaced or modified during the read
     * @throws AbandonableInputStream.TooManyHang when too many such threads hang
     */
    @Nullable
    ReadResult inPlace(Site site, OpenFolder inbox, ReadyFile ready, TakenFile file, PendingReports pending)
            throws IOException {
        if (!stamp(inbox, ready.below()).equals(ready.stamp())) {
            return null;
        }
        String refusal = file.refusal(ready.stamp());
        if (refusal != null) {
            return refuse(site, file, ready.stamp(), refusal, pending);
        }
        ReadResult result;
        try (InputStream in = inPlace(site, ready)) {
            result = read(site, file, ready.stamp(), pending, () -> in);
        }
        return stamp(inbox, ready.below()).equals(ready.stamp()) ? result : null;
    }

    /**
     * The bytes of a file in the inbox.
     *
     * @throws AbandonableInputStream.TooManyHang when too many threads hang
     */
    InputStream inPlace(Site site, ReadyFile ready) throws IOException {
        return new AbandonableInputStream(
                "inbox-" + site.name(), () -> open(site.reports().inbox(), ready.below()), slots, timeout);
    }

    /**
     * Opens and reads the bytes of an inbox file. All inbox files are read here.
     *
     * @return null if the file could be neither read nor quarantined
     */
    private @Nullable ReadResult read(
            Site site, TakenFile file, FileStamp stamp, PendingReports pending, ReportFileReader.Source bytes) {
        List<DigestingInputStream> opened = new ArrayList<>(1);
        FileImport imported = intake.read(file.source(site), pending, () -> {
            DigestingInputStream in = new DigestingInputStream(bytes.open());
            opened.add(in);
            return in;
        });
        if (imported.isRetained()) {
            return null;
        }
        boolean isNew = !file.wasRead(stamp);
        return opened.isEmpty()
                ? new ReadResult(file.read(stamp, null, 0, !imported.isGood()), imported, isNew)
                : new ReadResult(
                        file.read(stamp, opened.get(0).digest(), opened.get(0).bytes(), !imported.isGood()),
                        imported,
                        isNew);
    }

    private ReadResult refuse(Site site, TakenFile file, FileStamp stamp, String reason, PendingReports pending) {
        FileImport imported = intake.refuse(file.source(site), pending, reason);
        return new ReadResult(file.read(stamp, null, 0, true), imported, !file.wasRead(stamp));
    }

    private boolean isSettled(TakenFile file, FileStamp now) {
        Unsettled before = unsettled.get(file.id());
        if (before == null && file.hasStamp(now)) {
            return true;
        }
        if (before == null || !before.stamp.equals(now)) {
            unsettled.put(file.id(), new Unsettled(now, System.nanoTime()));
            return false;
        }
        return System.nanoTime() - before.since >= settle.toNanos();
    }

    private static FileStamp stamp(OpenFolder folder, Path below) throws IOException {
        if (below.getNameCount() == 1) {
            return folder.stamp(below);
        }
        try (OpenFolder inner = folder.folder(below.getName(0))) {
            return stamp(inner, below.subpath(1, below.getNameCount()));
        }
    }

    /** Opens its own folders, because a folder that a hanging thread uses cannot be closed. */
    private static InputStream open(Path inbox, Path below) throws IOException {
        try (OpenFolder folder = OpenFolder.open(inbox)) {
            return open(folder, below);
        }
    }

    private static InputStream open(OpenFolder folder, Path below) throws IOException {
        if (below.getNameCount() == 1) {
            return folder.read(below);
        }
        try (OpenFolder inner = folder.folder(below.getName(0))) {
            return open(inner, below.subpath(1, below.getNameCount()));
        }
    }
}
