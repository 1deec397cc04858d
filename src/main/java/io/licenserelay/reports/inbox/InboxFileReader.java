package io.licenserelay.reports.inbox;

import io.licenserelay.config.site.Site;
import io.licenserelay.reports.files.DigestingInputStream;
import io.licenserelay.reports.files.FileStamp;
import io.licenserelay.reports.files.OpenFolder;
import io.licenserelay.reports.files.ReadyFile;
import io.licenserelay.reports.files.TakenFile;
import io.licenserelay.reports.format.ReportFileReader;
import io.licenserelay.reports.intake.ReportIntake;
import io.licenserelay.reports.intake.ReportIntake.Intake;
import io.licenserelay.reports.intake.ReportIntake.Pile;
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
 * Reads the files of one site's inbox, and only what nobody wrote to meanwhile: size, time and inode are the same before and after.
 * Used under the site's lock.
 */
final class InboxFileReader {
    private static final Logger LOG = LoggerFactory.getLogger(InboxFileReader.class);
    private static final int MOST_HANGING = 4;

    private final ReportIntake reception;
    private final Duration settle;
    private final Duration patience;
    private final Semaphore slots = new Semaphore(MOST_HANGING);
    private final Map<String, Unsettled> unsettled = new HashMap<>();

    /**
     * @param settle how long a file that changed must stay unchanged
     * @param patience how long nothing may come from a file that is read where it lies
     */
    InboxFileReader(ReportIntake reception, Duration settle, Duration patience) {
        this.reception = reception;
        this.settle = settle;
        this.patience = patience;
    }

    /**
     * A file that was read, or refused.
     *
     * @param file as it is to be remembered
     * @param isNews whether nobody was told before what is in it
     */
    record Come(TakenFile file, Intake intake, boolean isNews) {}

    /** @param since by {@link System#nanoTime()} */
    private record Unsettled(FileStamp stamp, long since) {}

    /** Nothing else lies in the work folder now. */
    void retain(Set<String> ids) {
        unsettled.keySet().retainAll(ids);
    }

    /**
     * Reads a file in the work folder.
     *
     * @return null when somebody writes to it: it waits for the next pass
     */
    @Nullable
    Come taken(Site site, OpenFolder work, TakenFile file, Pile pile) throws IOException {
        Path name = Path.of(file.id());
        FileStamp before = work.stamp(name);
        String refusal = file.refusal(before);
        if (refusal != null) {
            return refused(site, file, before, refusal, pile);
        }
        if (!isSettled(file, before)) {
            return null;
        }
        Come come = bytes(site, file, before, pile, () -> work.read(name));
        FileStamp after = work.stamp(name);
        if (after.equals(before)) {
            unsettled.remove(file.id());
            return come;
        }
        unsettled.put(file.id(), new Unsettled(after, System.nanoTime()));
        LOG.info("{}: {} was written to while it was read, and is read again", site.name(), file.name());
        return null;
    }

    /**
     * Reads a file where it lies in the inbox. Whoever may write there may replace it by a FIFO at any instant, so a thread that can be
     * abandoned opens it.
     *
     * @return null when it was replaced or written to meanwhile
     * @throws AbandonableInputStream.TooManyHang when no more such threads may be started
     */
    @Nullable
    Come inPlace(Site site, OpenFolder inbox, ReadyFile ready, TakenFile file, Pile pile) throws IOException {
        if (!stamp(inbox, ready.below()).equals(ready.stamp())) {
            return null;
        }
        String refusal = file.refusal(ready.stamp());
        if (refusal != null) {
            return refused(site, file, ready.stamp(), refusal, pile);
        }
        Come come;
        try (InputStream in = inPlace(site, ready)) {
            come = bytes(site, file, ready.stamp(), pile, () -> in);
        }
        return stamp(inbox, ready.below()).equals(ready.stamp()) ? come : null;
    }

    /**
     * The bytes of a file where it lies in the inbox.
     *
     * @throws AbandonableInputStream.TooManyHang when no more threads may be started
     */
    InputStream inPlace(Site site, ReadyFile ready) throws IOException {
        return new AbandonableInputStream(
                "inbox-" + site.name(), () -> open(site.reports().inbox(), ready.below()), slots, patience);
    }

    /**
     * The one place where the bytes of a file of an inbox are opened, read and done with.
     *
     * @return null when it could neither be read nor put aside
     */
    private @Nullable Come bytes(Site site, TakenFile file, FileStamp stamp, Pile pile, ReportFileReader.Source bytes) {
        List<DigestingInputStream> opened = new ArrayList<>(1);
        Intake intake = reception.read(file.in(site), pile, () -> {
            DigestingInputStream in = new DigestingInputStream(bytes.open());
            opened.add(in);
            return in;
        });
        if (intake.stays()) {
            return null;
        }
        boolean isNews = !file.wasRead(stamp);
        return opened.isEmpty()
                ? new Come(file.read(stamp, null, 0, !intake.isGood()), intake, isNews)
                : new Come(
                        file.read(stamp, opened.get(0).digest(), opened.get(0).bytes(), !intake.isGood()),
                        intake,
                        isNews);
    }

    private Come refused(Site site, TakenFile file, FileStamp stamp, String reason, Pile pile) {
        Intake intake = reception.refuse(file.in(site), pile, reason);
        return new Come(file.read(stamp, null, 0, true), intake, !file.wasRead(stamp));
    }

    private boolean isSettled(TakenFile file, FileStamp now) {
        Unsettled before = unsettled.get(file.id());
        if (before == null && file.is(now)) {
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

    /** By folders of its own: one that a hanging thread uses cannot be closed. */
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
