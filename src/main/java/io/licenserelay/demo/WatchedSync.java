package io.licenserelay.demo;

import io.licenserelay.app.Relay;
import io.licenserelay.sync.run.SyncResult;
import io.licenserelay.sync.run.SyncRun;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** A sync of one of the demo's sites that says how far it is. */
final class WatchedSync {
    private final Relay relay;
    private final String site;
    private final PrintWriter out;
    private int shown;

    WatchedSync(Relay relay, String site, PrintWriter out) {
        this.relay = relay;
        this.site = site;
        this.out = out;
    }

    List<SyncResult> sync() throws InterruptedException {
        ScheduledExecutorService watch = Executors.newSingleThreadScheduledExecutor();
        watch.scheduleAtFixedRate(this::show, 100, 100, TimeUnit.MILLISECONDS);
        try {
            return relay.asSyncs().sync(site, false);
        } finally {
            watch.shutdownNow();
        }
    }

    private void show() {
        relay.runs()
                .current(site)
                .map(SyncRun::progress)
                .filter(progress -> progress.done() > shown)
                .ifPresent(progress -> {
                    shown = progress.done();
                    // How many there are in all is known only once every account was asked.
                    out.printf("  %d virtual accounts, %,d licenses so far%n", shown, progress.licenses());
                    out.flush();
                });
    }
}
