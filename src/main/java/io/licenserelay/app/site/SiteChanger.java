package io.licenserelay.app.site;

import io.licenserelay.app.member.Membership;
import io.licenserelay.app.member.OwnedWork;
import io.licenserelay.app.site.SiteChanges.Effect;
import io.licenserelay.app.site.SiteChanges.Problem;
import io.licenserelay.config.site.Site;
import io.licenserelay.store.Database;
import io.licenserelay.sync.run.Sites;
import io.licenserelay.sync.schedule.DueRuns;
import io.licenserelay.sync.schedule.RunQueue;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Changes the sites of a running relay. Each site is changed between two of its runs; its further runs wait for the change. Sites that are
 * idle come first, so that a long run of one site delays only its own change. Other sites go on undisturbed. A change that fails is undone.
 * Thread-safe: calls wait for each other.
 */
public final class SiteChanger implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SiteChanger.class);

    private final Sites sites;
    private final SiteParts parts;
    private final RunningRoutes routes;
    private final RunQueue queue;
    private final DueRuns dueRuns;
    private final Database database;
    private final Membership membership;
    private final OwnedWork work;

    /** The sites that could neither be changed nor be restored. They have no parts, and their runs are held back. */
    private final Set<String> broken = ConcurrentHashMap.newKeySet();

    /** Whether incidents may be open for places that are no longer configured. */
    private boolean retirementDue;

    public SiteChanger(
            Sites sites,
            SiteParts parts,
            RunningRoutes routes,
            RunQueue queue,
            DueRuns dueRuns,
            Database database,
            Membership membership,
            OwnedWork work) {
        this.sites = sites;
        this.parts = parts;
        this.routes = routes;
        this.queue = queue;
        this.dueRuns = dueRuns;
        this.database = database;
        this.membership = membership;
        this.work = work;
    }

    /**
     * A site that differs.
     *
     * @param before null if the site is added
     * @param after null if the site is removed
     */
    private record Change(
            String site, @Nullable Site before, @Nullable Site after) {}

    /**
     * Makes these the sites of the relay. Waits until each site that differs has no run; that takes as long as the longest current run of
     * these sites. If the relay stops meanwhile, the rest stays unchanged.
     *
     * @throws InterruptedException if the thread is interrupted; what was not yet changed stays unchanged
     */
    public synchronized SiteChanges apply(List<Site> next) throws InterruptedException {
        Pass first = new Pass();
        first.make(difference(next));
        SiteChanges changes = first.changes();
        if (changes.isPartial() && !queue.isEnded()) {
            // A port may be free now that another site had.
            Pass second = first.again();
            second.make(difference(next));
            changes = second.changes();
        }
        return changes;
    }

    /** Removed sites come first, because added ones may need their ports. */
    private List<Change> difference(List<Site> next) {
        Map<String, Site> wanted = new LinkedHashMap<>();
        next.forEach(site -> wanted.put(site.name(), site));
        List<Change> changes = new ArrayList<>();
        for (Site before : sites.all()) {
            if (!wanted.containsKey(before.name())) {
                changes.add(new Change(before.name(), before, null));
            }
        }
        Map<String, Site> present = new LinkedHashMap<>();
        sites.all().forEach(site -> present.put(site.name(), site));
        for (Site after : next) {
            Site before = present.get(after.name());
            if (!after.equals(before) || broken.contains(after.name())) {
                changes.add(new Change(after.name(), before, after));
            }
        }
        return changes;
    }

    /** One attempt at all changes. */
    private final class Pass {
        private final List<String> added = new ArrayList<>();
        private final List<String> changed = new ArrayList<>();
        private final List<String> removed = new ArrayList<>();
        private final List<Problem> problems = new ArrayList<>();

        Pass again() {
            Pass next = new Pass();
            next.added.addAll(added);
            next.changed.addAll(changed);
            next.removed.addAll(removed);
            return next;
        }

        SiteChanges changes() {
            return new SiteChanges(
                    List.copyOf(added), List.copyOf(changed), List.copyOf(removed), List.copyOf(problems));
        }

        void make(List<Change> all) throws InterruptedException {
            BlockingQueue<Change> idle = new LinkedBlockingQueue<>();
            Map<String, Change> open = new LinkedHashMap<>();
            all.forEach(each -> open.put(each.site, each));
            try {
                for (Change each : all) {
                    queue.hold(each.site).thenRun(() -> idle.add(each));
                }
                while (!open.isEmpty()) {
                    Change next = idle.take();
                    make(next);
                    open.remove(next.site);
                    release(next.site);
                }
            } finally {
                open.keySet().forEach(this::release);
            }
            retire();
        }

        private void release(String site) {
            if (!broken.contains(site)) {
                queue.release(site);
            }
        }

        /** A check between runs may be in progress, which is shorter than a run. */
        private void make(Change change) throws InterruptedException {
            AtomicBoolean made = new AtomicBoolean();
            while (!made.get()) {
                if (queue.isEnded()) {
                    problems.add(new Problem(change.site, unchanged(change), "the relay is stopping"));
                    return;
                }
                membership.exclusively(change.site, () -> made.set(attempt(change)));
            }
        }

        /** @return false if the site is busy with a check */
        private boolean attempt(Change change) {
            Site before = change.before;
            Site after = change.after;
            if (before != null && !broken.contains(change.site)) {
                try {
                    if (!routes.stop(before)) {
                        return false;
                    }
                } catch (RuntimeException e) {
                    failed(change, Effect.KEPT, e);
                    resume(before);
                    return true;
                }
                discard(before);
            }
            if (after == null) {
                removed(change);
            } else if (before == null) {
                add(change, after);
            } else {
                replace(change, before, after);
            }
            if (before != null) {
                dueRuns.forget(change.site);
            }
            return true;
        }

        private void removed(Change change) {
            parts.forget(Objects.requireNonNull(change.before));
            broken.remove(change.site);
            removed.add(change.site);
            retirementDue = true;
        }

        private void add(Change change, Site after) {
            try {
                begin(after);
                added.add(change.site);
            } catch (Exception e) {
                discard(after);
                parts.forget(after);
                failed(change, Effect.NOT_RUNNING, e);
            }
        }

        private void replace(Change change, Site before, Site after) {
            try {
                begin(after);
                broken.remove(change.site);
                changed.add(change.site);
                retirementDue = true;
            } catch (Exception e) {
                discard(after);
                restore(change, before, e);
            }
        }

        /** Without {@link OwnedWork#begin}, because nothing was taken over. */
        private void restore(Change change, Site before, Exception why) {
            try {
                parts.build(before);
                routes.add(before);
                broken.remove(change.site);
                failed(change, Effect.KEPT, why);
            } catch (Exception e) {
                discard(before);
                broken.add(change.site);
                LOG.error("{}: the earlier configuration cannot be restored: {}", change.site, e.toString());
                failed(change, Effect.NOT_RUNNING, why);
            }
        }

        private void failed(Change change, Effect effect, Exception why) {
            LOG.debug("{}: the change failed", change.site, why);
            problems.add(new Problem(change.site, effect, String.valueOf(why.getMessage())));
        }

        private void resume(Site site) {
            try {
                if (database.owns(site.name())) {
                    routes.resume(site);
                }
            } catch (RuntimeException e) {
                LOG.error("{}: {}", site.name(), e.getMessage());
            }
        }

        private void retire() throws InterruptedException {
            if (!retirementDue || queue.isEnded()) {
                return;
            }
            membership.exclusively(Database.RELAY, () -> {
                try {
                    if (database.owns(Database.RELAY)) {
                        work.retire();
                    }
                    retirementDue = false;
                } catch (RuntimeException e) {
                    problems.add(new Problem(Database.RELAY, Effect.INCIDENTS_OPEN, String.valueOf(e.getMessage())));
                }
            });
        }
    }

    /** False for a site that could neither be changed nor be restored; it has no parts until a later change succeeds. Never blocks. */
    public boolean isRunnable(String site) {
        return !broken.contains(site);
    }

    private Effect unchanged(Change change) {
        return change.before == null || broken.contains(change.site) ? Effect.NOT_RUNNING : Effect.KEPT;
    }

    /** What the relay takes over for a site comes last, because it cannot be undone. */
    private void begin(Site site) throws Exception {
        parts.build(site);
        routes.add(site);
        if (database.owns(site.name())) {
            work.begin(site.name());
        }
    }

    private void discard(Site site) {
        routes.remove(site);
        parts.discard(site);
    }

    /** Waits until the change in progress has ended. To be called after the end of the run queue, which ends the others. */
    @Override
    public synchronized void close() {
        broken.forEach(queue::release);
    }
}
