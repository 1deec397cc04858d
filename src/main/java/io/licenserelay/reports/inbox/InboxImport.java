package io.licenserelay.reports.inbox;

import io.licenserelay.config.site.Site;
import io.licenserelay.reports.ReportIncidents;
import io.licenserelay.reports.files.InboxFolders;
import io.licenserelay.reports.files.InboxFolders.Targets;
import io.licenserelay.reports.files.InboxTable;
import io.licenserelay.reports.files.OpenFolder;
import io.licenserelay.reports.files.ReadyFile;
import io.licenserelay.reports.files.TakenFile;
import io.licenserelay.reports.format.ReportFileReader;
import io.licenserelay.reports.inbox.InboxClaims.Unclaimed;
import io.licenserelay.reports.inbox.InboxFileReader.ReadResult;
import io.licenserelay.reports.intake.ReportIntake;
import io.licenserelay.reports.intake.ReportIntake.FileImport;
import io.licenserelay.reports.intake.ReportIntake.PendingReports;
import io.licenserelay.store.Database;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Imports the files of inboxes into the ledger, and moves them to {@code done/} or {@code rejected/}. A file is claimed
 * by a rename into {@code .work}, checked, read and checked again; if it changed meanwhile it is read again. After a
 * crash the next pass continues with the files in {@code .work}. A file that cannot be moved is read once in place, and
 * one incident reports it. Thread-safe: passes over the same inbox wait for each other, passes over different inboxes
 * run in parallel.
 */
public final class InboxImport {
    private static final Logger LOG = LoggerFactory.getLogger(InboxImport.class);
    private static final int BATCH_SIZE = 500;
    private static final int MAX_IN_WORK = 100_000;
    private static final int MAX_READING = 2;
    private static final Duration LOCK_TIMEOUT = Duration.ofMinutes(5);
    private static final Duration READ_TIMEOUT = Duration.ofSeconds(30);

    private final Database database;
    private final ReportIntake intake;
    private final InboxScanner scanner;
    private final ReportIncidents incidents;
    private final Clock clock;
    private final Duration settle;
    private final InboxTable rows;
    private final InboxClaims claims;
    private final SiteLocks locks = new SiteLocks(LOCK_TIMEOUT);
    private final Map<String, State> states = new ConcurrentHashMap<>();

    /**
     * Bounds the memory for reports that are being read, over all sites. Files that may hang have a separate permit.
     */
    private final Semaphore reading = new Semaphore(MAX_READING);

    private final Semaphore readingInPlace = new Semaphore(1);

    /**
     * @param scanner finds the files
     * @param settle how long a file that changed while it was read must stay unchanged
     */
    public InboxImport(
            Database database,
            ReportIntake intake,
            InboxScanner scanner,
            ReportIncidents incidents,
            Duration settle,
            Clock clock) {
        this.database = database;
        this.intake = intake;
        this.scanner = scanner;
        this.incidents = incidents;
        this.settle = settle;
        this.clock = clock;
        this.rows = new InboxTable(clock);
        this.claims = new InboxClaims(database, rows, clock);
    }

    /**
     * The state of a site's inbox in this process. Used under the site's lock.
     *
     * @param earlierFilesProcessed whether the files of an earlier process were processed
     */
    private record State(
            LateWriteCheck lateWrites,
            InboxFileReader reading,
            StuckFiles stuck,
            AtomicBoolean earlierFilesProcessed) {}

    /**
     * Imports the ready files, and the files of earlier passes.
     *
     * @throws IOException when the inbox must not be used or cannot be read
     */
    public void receive(Site site, List<ReadyFile> ready) throws IOException {
        scanner.requireUsable(site);
        Path path = site.reports().inbox();
        if (!Files.isDirectory(path)) {
            return;
        }
        try (SiteLocks.Held held = locks.hold(site);
                OpenFolder folder = OpenFolder.open(path)) {
            State state = state(site);
            state.stuck.clearUnusable("inbox");
            List<TakenFile> writtenLate = state.lateWrites.isDue() ? state.lateWrites.find(site) : List.of();
            boolean attempts = !ready.isEmpty() || state.stuck.isRetryDue();
            List<String> before = attempts ? state.stuck.currentProblem(site) : List.of();
            List<Unclaimed> unclaimed = List.of();
            if (!ready.isEmpty() || !writtenLate.isEmpty() || WorkFolder.existsIn(path)) {
                unclaimed = claimAndProcess(site, state, folder, ready, writtenLate);
            }
            if (attempts) {
                readUnclaimed(site, state, folder, unclaimed);
                state.stuck.recordAttempt(site, before);
            }
        }
    }

    /** Makes the next pass retry all files that could not be moved. Called at the start of a run. */
    public void retry(Site site) throws IOException {
        scanner.resume(site);
        try (SiteLocks.Held held = locks.hold(site)) {
            state(site).stuck.retry();
        }
    }

    /**
     * Reports an unusable folder, once for each reason.
     *
     * @param folder {@code inbox} or {@code outbox}
     */
    public void unusable(Site site, String folder, FileSystemException e) {
        state(site).stuck.unusable(site, folder, e);
    }

    /**
     * Forgets what this process knows of the inbox, because another relay may have processed files since. Called when this
     * relay begins to work for the site.
     */
    public void begin(Site site) {
        states.remove(site.name());
    }

    private State state(Site site) {
        return states.computeIfAbsent(
                site.name(),
                none -> new State(
                        new LateWriteCheck(database, rows, clock),
                        new InboxFileReader(intake, settle, READ_TIMEOUT),
                        new StuckFiles(database, incidents, clock),
                        new AtomicBoolean()));
    }

    /**
     * @param writtenLate files that were written to after they were read
     * @return the files that stay in the inbox
     */
    private List<Unclaimed> claimAndProcess(
            Site site, State state, OpenFolder folder, List<ReadyFile> ready, List<TakenFile> writtenLate)
            throws IOException {
        OpenFolder work;
        try {
            work = WorkFolder.open(folder);
        } catch (IOException e) {
            return ready.stream().map(each -> new Unclaimed(each, e.toString())).toList();
        }
        try (work) {
            state.lateWrites.moveBack(site, work, writtenLate);
            List<Unclaimed> unclaimed = claims.claim(site, folder, work, ready);
            processWorkFolder(site, state, work);
            return unclaimed;
        }
    }

    private void processWorkFolder(Site site, State state, OpenFolder work) throws IOException {
        List<String> names =
                work.names(MAX_IN_WORK).stream().map(Path::toString).sorted().toList();
        Set<String> present = new HashSet<>(names);
        state.reading.retain(present);
        if (!state.earlierFilesProcessed.get()) {
            database.write(site.name(), tx -> {
                rows.deleteUnclaimed(tx, site, present);
                return 1;
            });
            state.earlierFilesProcessed.set(true);
        }
        boolean retries = state.stuck.isRetryDue();
        for (int from = 0; from < names.size(); from += BATCH_SIZE) {
            List<String> batch = names.subList(from, Math.min(names.size(), from + BATCH_SIZE));
            Map<String, TakenFile> known = database.read(tx -> rows.find(tx, site, batch));
            List<TakenFile> files = new ArrayList<>();
            for (String each : batch) {
                TakenFile file = known.get(each);
                if (file == null) {
                    files.add(adopt(site, work, each));
                } else if (retries || file.stuck() == null) {
                    files.add(file);
                }
            }
            moveAll(site, work, read(site, state, work, files));
            state.lateWrites.filesRead();
        }
    }

    private TakenFile adopt(Site site, OpenFolder work, String id) throws IOException {
        TakenFile unknown = TakenFile.unknown(id, work.stamp(Path.of(id)), clock.instant());
        database.write(site.name(), tx -> rows.insert(tx, site, List.of(unknown)));
        return unknown;
    }

    /**
     * Waits for a permit, and continues without it after a timeout, so that a site whose reading hangs does not block
     * other sites.
     */
    private static SiteLocks.Held permit(Semaphore permits) {
        try {
            if (permits.tryAcquire(READ_TIMEOUT.toNanos(), TimeUnit.NANOSECONDS)) {
                return permits::release;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return () -> {};
    }

    /** Reads the files. A file that is being written to waits for the next pass. */
    private List<ReadResult> read(Site site, State state, OpenFolder work, List<TakenFile> files) throws IOException {
        List<ReadResult> results = new ArrayList<>();
        try (SiteLocks.Held permit = permit(reading)) {
            PendingReports pending = intake.pendingReports();
            for (TakenFile each : files) {
                ReadResult read = state.reading.readClaimed(site, work, each, pending);
                if (read != null) {
                    results.add(read);
                }
            }
            pending.record();
        }
        results.replaceAll(ReadResult::registered);
        return results;
    }

    /** Moves files whose content is in the ledger or quarantined. */
    private void moveAll(Site site, OpenFolder work, List<ReadResult> results) throws IOException {
        Map<TakenFile, FileImport> read = new LinkedHashMap<>();
        Set<String> quarantined = new HashSet<>();
        for (ReadResult each : results) {
            report(site, each, () -> work.read(Path.of(each.file().id())));
            if (each.imported().isQuarantined()) {
                work.delete(Path.of(each.file().id()));
                quarantined.add(each.file().id());
            } else {
                read.put(each.file().withTarget(InboxFolders.target(site, each.file())), each.imported());
            }
        }
        if (results.isEmpty()) {
            return;
        }
        database.write(site.name(), tx -> {
            rows.delete(tx, site, quarantined);
            rows.read(tx, site, read.keySet());
            return 1;
        });
        List<TakenFile> changed = new ArrayList<>();
        try (Targets targets = new Targets()) {
            read.forEach((file, imported) -> {
                String why = move(site, work, targets, file, imported.reason());
                if (!Objects.equals(why, file.stuck())) {
                    changed.add(file.stuck(why));
                }
            });
        }
        if (!changed.isEmpty()) {
            database.write(site.name(), tx -> {
                changed.forEach(each -> rows.stuck(tx, site, each.id(), each.stuck()));
                return 1;
            });
        }
    }

    /** @return why the file cannot be moved; null if it was moved */
    private static @Nullable String move(Site site, OpenFolder work, Targets targets, TakenFile file, String reason) {
        try {
            if (file.hasProblem()) {
                InboxFolders.reject(site, work, targets, file, reason);
            } else {
                InboxFolders.move(site, work, targets, file);
            }
            return null;
        } catch (IOException e) {
            LOG.debug("{}: {} cannot be moved", site.name(), file.name(), e);
            return e.toString();
        }
    }

    private void report(Site site, ReadResult result, ReportFileReader.Source bytes) throws IOException {
        if (!result.isNew()) {
            return;
        }
        intake.report(result.imported().file(), result.imported());
        intake.keepForManager(result.imported(), bytes);
        LOG.info(
                "{}: {} contains {}",
                site.name(),
                result.file().name(),
                result.imported().count());
    }

    /** Reads the files that cannot be claimed in place, each once. */
    private void readUnclaimed(Site site, State state, OpenFolder folder, List<Unclaimed> unclaimed)
            throws IOException {
        Map<String, TakenFile> known = database.read(tx -> rows.inInbox(tx, site));
        Set<String> obsolete = new HashSet<>();
        known.values().stream().filter(each -> isGone(site, each)).forEach(each -> obsolete.add(each.id()));
        List<Unclaimed> changed = unclaimed.stream()
                .filter(each -> !isKnown(known.get(each.file().name()), each))
                .toList();
        Map<ReadyFile, TakenFile> entered = database.write(
                site.name(),
                tx -> claims.enter(
                        tx, site, changed.stream().map(Unclaimed::file).toList()));
        Map<Unclaimed, TakenFile> newFiles = new LinkedHashMap<>();
        for (Unclaimed each : changed) {
            newFiles.put(each, Objects.requireNonNull(entered.get(each.file())));
        }
        Map<Unclaimed, ReadResult> read = readInPlace(site, state, folder, newFiles);
        List<TakenFile> files = new ArrayList<>();
        newFiles.forEach((each, file) -> {
            ReadResult result = read.get(each);
            TakenFile before = known.get(each.file().name());
            if (result == null) {
                obsolete.add(file.id());
            } else {
                files.add(result.file().stuck(each.why()));
                obsolete.addAll(before == null ? Set.of() : Set.of(before.id()));
            }
        });
        for (Unclaimed each : unclaimed) {
            scanner.postpone(site, each.file(), state.stuck.pause());
        }
        database.write(site.name(), tx -> {
            rows.delete(tx, site, obsolete);
            rows.read(tx, site, files);
            return 1;
        });
    }

    private static boolean isKnown(@Nullable TakenFile before, Unclaimed unclaimed) {
        return before != null && before.hasStamp(unclaimed.file().stamp());
    }

    /** @return the results, without files that a later pass has to read */
    private Map<Unclaimed, ReadResult> readInPlace(
            Site site, State state, OpenFolder folder, Map<Unclaimed, TakenFile> files) throws IOException {
        Map<Unclaimed, ReadResult> read = new LinkedHashMap<>();
        if (files.isEmpty()) {
            return read;
        }
        try (SiteLocks.Held permit = permit(readingInPlace)) {
            PendingReports pending = intake.pendingReports();
            for (Map.Entry<Unclaimed, TakenFile> each : files.entrySet()) {
                Unclaimed unclaimed = each.getKey();
                try {
                    ReadResult result = state.reading.inPlace(site, folder, unclaimed.file(), each.getValue(), pending);
                    if (result != null) {
                        read.put(unclaimed, result);
                    }
                } catch (IOException e) {
                    LOG.warn(
                            "{}: {} cannot be read now: {}",
                            site.name(),
                            unclaimed.file().name(),
                            e.toString());
                }
            }
            pending.record();
        }
        read.replaceAll((unclaimed, result) -> result.registered());
        for (Map.Entry<Unclaimed, ReadResult> each : read.entrySet()) {
            report(
                    site,
                    each.getValue(),
                    () -> state.reading.inPlace(site, each.getKey().file()));
        }
        return read;
    }

    private static boolean isGone(Site site, TakenFile file) {
        try {
            return !Files.exists(site.reports().inbox().resolve(file.name()), LinkOption.NOFOLLOW_LINKS);
        } catch (InvalidPathException e) {
            LOG.trace("{}: not a valid path on this system", site.name(), e);
            return true;
        }
    }
}
