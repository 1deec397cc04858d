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
import io.licenserelay.reports.inbox.InboxClaims.Left;
import io.licenserelay.reports.inbox.InboxFileReader.Come;
import io.licenserelay.reports.intake.ReportIntake;
import io.licenserelay.reports.intake.ReportIntake.Intake;
import io.licenserelay.reports.intake.ReportIntake.Pile;
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
 * Takes the files of inboxes into the ledger, and moves them to {@code done/} or {@code rejected/}. A file is taken by a rename into
 * {@code .work}, checked, read and checked again; what changed meanwhile is read again. What lies in {@code .work} after a crash is
 * taken up by the next pass. A file that cannot be moved is read where it lies, once, and one incident says so. Thread-safe: passes
 * over one inbox wait for each other, those over several do not.
 */
public final class InboxImport {
    private static final Logger LOG = LoggerFactory.getLogger(InboxImport.class);
    private static final int MOST_AT_ONCE = 500;
    private static final int MOST_IN_WORK = 100_000;
    private static final int MOST_READING = 2;
    private static final Duration PATIENCE = Duration.ofMinutes(5);
    private static final Duration READ_PATIENCE = Duration.ofSeconds(30);

    private final Database database;
    private final ReportIntake reception;
    private final InboxScanner inbox;
    private final ReportIncidents alarms;
    private final Clock clock;
    private final Duration settle;
    private final InboxTable rows;
    private final InboxClaims claims;
    private final SiteLocks locks = new SiteLocks(PATIENCE);
    private final Map<String, State> states = new ConcurrentHashMap<>();

    /** Bounds what the reports of all sites that are read now take of the memory. Files that may hang have a permit of their own. */
    private final Semaphore reading = new Semaphore(MOST_READING);

    private final Semaphore readingInPlace = new Semaphore(1);

    /**
     * @param inbox finds the files
     * @param settle how long a file that changed while it was read must stay unchanged
     */
    public InboxImport(
            Database database,
            ReportIntake reception,
            InboxScanner inbox,
            ReportIncidents alarms,
            Duration settle,
            Clock clock) {
        this.database = database;
        this.reception = reception;
        this.inbox = inbox;
        this.alarms = alarms;
        this.settle = settle;
        this.clock = clock;
        this.rows = new InboxTable(clock);
        this.claims = new InboxClaims(database, rows, clock);
    }

    /**
     * What this process knows of a site's inbox. Used under the site's lock.
     *
     * @param takenUp whether what an earlier process left was taken up
     */
    private record State(LateWriteCheck late, InboxFileReader reading, StuckFiles stuck, AtomicBoolean takenUp) {}

    /**
     * Takes up what is ready, and what an earlier pass left.
     *
     * @throws IOException when the inbox may not be read
     */
    public void receive(Site site, List<ReadyFile> ready) throws IOException {
        Path path = site.reports().inbox();
        if (!Files.isDirectory(path)) {
            return;
        }
        try (SiteLocks.Held held = locks.hold(site);
                OpenFolder folder = OpenFolder.open(path)) {
            State state = state(site);
            state.stuck.usable("inbox");
            List<TakenFile> late = state.late.areDue() ? state.late.find(site) : List.of();
            boolean attempts = !ready.isEmpty() || state.stuck.areDue();
            List<String> before = attempts ? state.stuck.before(site) : List.of();
            List<Left> left = List.of();
            if (!ready.isEmpty() || !late.isEmpty() || WorkFolder.existsIn(path)) {
                left = take(site, state, folder, ready, late);
            }
            if (attempts) {
                leave(site, state, folder, left);
                state.stuck.tried(site, before);
            }
        }
    }

    /** A run begins: the next pass tries again at once what could not be moved. */
    public void retry(Site site) throws IOException {
        inbox.resume(site);
        try (SiteLocks.Held held = locks.hold(site)) {
            state(site).stuck.retry();
        }
    }

    /**
     * A folder cannot be used: it is said once, until the reason changes.
     *
     * @param folder {@code inbox} or {@code outbox}
     */
    public void unusable(Site site, String folder, FileSystemException e) {
        state(site).stuck.unusable(site, folder, e);
    }

    private State state(Site site) {
        return states.computeIfAbsent(
                site.name(),
                none -> new State(
                        new LateWriteCheck(database, rows, clock),
                        new InboxFileReader(reception, settle, READ_PATIENCE),
                        new StuckFiles(database, alarms, clock),
                        new AtomicBoolean()));
    }

    /**
     * @param late files that were written to after they were read
     * @return the files that stay where they are
     */
    private List<Left> take(Site site, State state, OpenFolder folder, List<ReadyFile> ready, List<TakenFile> late)
            throws IOException {
        OpenFolder work;
        try {
            work = WorkFolder.open(folder);
        } catch (IOException e) {
            return ready.stream().map(each -> new Left(each, e.toString())).toList();
        }
        try (work) {
            state.late.takeBack(site, work, late);
            List<Left> left = claims.take(site, folder, work, ready);
            takeUp(site, state, work);
            return left;
        }
    }

    private void takeUp(Site site, State state, OpenFolder work) throws IOException {
        List<String> names =
                work.names(MOST_IN_WORK).stream().map(Path::toString).sorted().toList();
        Set<String> there = new HashSet<>(names);
        state.reading.retain(there);
        if (!state.takenUp.get()) {
            database.write(tx -> {
                rows.forgetUntaken(tx, site, there);
                return 1;
            });
            state.takenUp.set(true);
        }
        boolean retries = state.stuck.areDue();
        for (int from = 0; from < names.size(); from += MOST_AT_ONCE) {
            List<String> some = names.subList(from, Math.min(names.size(), from + MOST_AT_ONCE));
            Map<String, TakenFile> known = database.read(tx -> rows.find(tx, site, some));
            List<TakenFile> files = new ArrayList<>();
            for (String each : some) {
                TakenFile file = known.get(each);
                if (file == null) {
                    files.add(adopt(site, work, each));
                } else if (retries || file.stuck() == null) {
                    files.add(file);
                }
            }
            putAway(site, work, read(site, state, work, files));
            state.late.more();
        }
    }

    private TakenFile adopt(Site site, OpenFolder work, String id) throws IOException {
        TakenFile unknown = TakenFile.unknown(id, work.stamp(Path.of(id)), clock.instant());
        database.write(tx -> rows.insert(tx, site, List.of(unknown)));
        return unknown;
    }

    /** Goes on without a permit after a while: a site that hangs while it reads stops no other. */
    private static SiteLocks.Held permit(Semaphore permits) {
        try {
            if (permits.tryAcquire(READ_PATIENCE.toNanos(), TimeUnit.NANOSECONDS)) {
                return permits::release;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return () -> {};
    }

    /** Those that somebody writes to wait for the next pass. */
    private List<Come> read(Site site, State state, OpenFolder work, List<TakenFile> files) throws IOException {
        List<Come> come = new ArrayList<>();
        try (SiteLocks.Held permit = permit(reading)) {
            Pile pile = reception.pile();
            for (TakenFile each : files) {
                Come read = state.reading.taken(site, work, each, pile);
                if (read != null) {
                    come.add(read);
                }
            }
            pile.record();
        }
        return come;
    }

    /** What was in them is in the ledger, or put aside. */
    private void putAway(Site site, OpenFolder work, List<Come> come) throws IOException {
        Map<TakenFile, Intake> read = new LinkedHashMap<>();
        Set<String> putAside = new HashSet<>();
        for (Come each : come) {
            report(site, each, () -> work.read(Path.of(each.file().id())));
            if (each.intake().isPutAside()) {
                work.delete(Path.of(each.file().id()));
                putAside.add(each.file().id());
            } else {
                read.put(each.file().to(InboxFolders.target(site, each.file())), each.intake());
            }
        }
        if (come.isEmpty()) {
            return;
        }
        database.write(tx -> {
            rows.delete(tx, site, putAside);
            rows.read(tx, site, read.keySet());
            return 1;
        });
        List<TakenFile> changed = new ArrayList<>();
        try (Targets targets = new Targets()) {
            read.forEach((file, intake) -> {
                String why = move(site, work, targets, file, intake.reason());
                if (!Objects.equals(why, file.stuck())) {
                    changed.add(file.stuck(why));
                }
            });
        }
        if (!changed.isEmpty()) {
            database.write(tx -> {
                changed.forEach(each -> rows.stuck(tx, site, each.id(), each.stuck()));
                return 1;
            });
        }
    }

    /** @return why it cannot be moved; null once it is */
    private static @Nullable String move(Site site, OpenFolder work, Targets targets, TakenFile file, String reason) {
        try {
            if (file.hasComplaint()) {
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

    private void report(Site site, Come come, ReportFileReader.Source bytes) throws IOException {
        if (!come.isNews()) {
            return;
        }
        reception.report(come.intake().file(), come.intake());
        reception.keepForManager(come.intake(), bytes);
        LOG.info(
                "{}: {} holds {}",
                site.name(),
                come.file().name(),
                come.intake().count());
    }

    /** Reads where they lie those that cannot be taken, each once. */
    private void leave(Site site, State state, OpenFolder folder, List<Left> left) throws IOException {
        Map<String, TakenFile> known = database.read(tx -> rows.left(tx, site));
        Set<String> over = new HashSet<>();
        known.values().stream().filter(each -> isGone(site, each)).forEach(each -> over.add(each.id()));
        List<Left> changed = left.stream()
                .filter(each -> !isKnown(known.get(each.file().name()), each))
                .toList();
        Map<ReadyFile, TakenFile> entered = database.write(
                tx -> claims.enter(tx, site, changed.stream().map(Left::file).toList()));
        Map<Left, TakenFile> fresh = new LinkedHashMap<>();
        for (Left each : changed) {
            fresh.put(each, Objects.requireNonNull(entered.get(each.file())));
        }
        Map<Left, Come> read = readInPlace(site, state, folder, fresh);
        List<TakenFile> files = new ArrayList<>();
        fresh.forEach((each, file) -> {
            Come come = read.get(each);
            TakenFile before = known.get(each.file().name());
            if (come == null) {
                over.add(file.id());
            } else {
                files.add(come.file().stuck(each.why()));
                over.addAll(before == null ? Set.of() : Set.of(before.id()));
            }
        });
        for (Left each : left) {
            inbox.postpone(site, each.file(), state.stuck.pause());
        }
        database.write(tx -> {
            rows.delete(tx, site, over);
            rows.read(tx, site, files);
            return 1;
        });
    }

    private static boolean isKnown(@Nullable TakenFile before, Left left) {
        return before != null && before.is(left.file().stamp());
    }

    /** @return without those that are to be read by a later pass */
    private Map<Left, Come> readInPlace(Site site, State state, OpenFolder folder, Map<Left, TakenFile> files)
            throws IOException {
        Map<Left, Come> read = new LinkedHashMap<>();
        if (files.isEmpty()) {
            return read;
        }
        try (SiteLocks.Held permit = permit(readingInPlace)) {
            Pile pile = reception.pile();
            for (Map.Entry<Left, TakenFile> each : files.entrySet()) {
                Left left = each.getKey();
                try {
                    Come come = state.reading.inPlace(site, folder, left.file(), each.getValue(), pile);
                    if (come != null) {
                        read.put(left, come);
                    }
                } catch (IOException e) {
                    LOG.warn(
                            "{}: {} cannot be read now: {}",
                            site.name(),
                            left.file().name(),
                            e.toString());
                }
            }
            pile.record();
        }
        for (Map.Entry<Left, Come> each : read.entrySet()) {
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
            LOG.trace("{}: no path of this system", site.name(), e);
            return true;
        }
    }
}
