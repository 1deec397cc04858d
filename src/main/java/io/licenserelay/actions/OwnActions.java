package io.licenserelay.actions;

import io.licenserelay.reports.ImportResult;
import io.licenserelay.sync.request.RequestListener;
import io.licenserelay.sync.run.Sites;
import io.licenserelay.sync.run.SyncRequest;
import io.licenserelay.sync.run.SyncResult;
import io.licenserelay.sync.schedule.RunQueue;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/** What an operator requests from the only relay of a database, which works for all sites. */
public final class OwnActions implements RelayActions {
    private final Sites sites;
    private final RunQueue queue;
    private final ReportActions reports;

    public OwnActions(Sites sites, RunQueue queue, ReportActions reports) {
        this.sites = sites;
        this.queue = queue;
        this.reports = reports;
    }

    /** Syncs the sites in parallel. */
    @Override
    public List<SyncResult> sync(@Nullable String site, boolean accept, RequestListener listener)
            throws InterruptedException {
        List<CompletableFuture<List<SyncResult>>> all = sites.wanted(site).stream()
                .map(each -> new SyncRequest(each.name(), SyncRequest.Cause.OPERATOR, null, null, accept))
                .map(queue::submit)
                .toList();
        List<SyncResult> results = new ArrayList<>();
        for (CompletableFuture<List<SyncResult>> each : all) {
            results.addAll(await(each));
        }
        return results;
    }

    /**
     * Waits for the results of a sync.
     *
     * @throws InterruptedException also if the relay stops before the sync begins
     * @throws Sites.UnknownSite if the site was removed from the configuration before the sync began
     */
    public static List<SyncResult> await(CompletableFuture<List<SyncResult>> results) throws InterruptedException {
        try {
            return results.get();
        } catch (CancellationException stopping) {
            throw new InterruptedException("the relay stops before the sync has started");
        } catch (ExecutionException e) {
            if (e.getCause() instanceof Sites.UnknownSite removed) {
                throw removed;
            }
            throw new IllegalStateException("a sync was aborted", e.getCause());
        }
    }

    @Override
    public ImportResult importFile(String site, String name, Path file) throws IOException, InterruptedException {
        return reports.importFile(site, name, file);
    }

    @Override
    public String resend(String digest) throws IOException, InterruptedException {
        return reports.resend(digest);
    }

    @Override
    public ImportResult retry(String id) throws IOException, InterruptedException {
        return reports.retry(id);
    }
}
