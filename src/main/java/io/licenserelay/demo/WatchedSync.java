package io.licenserelay.demo;

import io.licenserelay.app.Relay;
import io.licenserelay.sync.run.SyncResult;
import io.licenserelay.sync.run.SyncRun;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Runs a sync of one of the demo's sites and prints its progress. */
final class WatchedSync {
    private final Relay relay;
    private final String site;
    private final PrintWriter out;
    private int printed;

    WatchedSync(Relay relay, String site, PrintWriter out) {
        this.relay = relay;
        this.site = site;
        this.out = out;
    }

    List<SyncResult> sync() throws InterruptedException {
        ScheduledExecutorService progressTimer = Executors.newSingleThreadScheduledExecutor();
        progressTimer.scheduleAtFixedRate(this::printProgress, 100, 100, TimeUnit.MILLISECONDS);
        try {
            return relay.asSyncs().sync(site, false);
        } finally {
            progressTimer.shutdownNow();
        }
    }

    private void printProgress() {
        relay.runs()
                .current(site)
                .map(SyncRun::progress)
                .filter(progress -> progress.done() > printed)
                .ifPresent(progress -> {
                    printed = progress.done();
                    // The total is known only after every account was read.
                    out.printf("  %d virtual accounts, %,d licenses so far%n", printed, progress.licenses());
                    out.flush();
                });
    }
}
