package io.licenserelay.cli.output;

import io.licenserelay.sync.run.Sites;
import io.licenserelay.sync.run.SyncRun;
import io.licenserelay.sync.run.SyncService;
import io.licenserelay.text.Plural;
import java.io.PrintWriter;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Shows the progress of the runs in one line of a terminal. If the output is not a terminal, it prints nothing. */
public final class SyncProgress implements AutoCloseable {
    private static final int WIDTH = 78;
    private static final int MILLIS = 200;

    private final PrintWriter err;
    private final ScheduledExecutorService watch = Executors.newSingleThreadScheduledExecutor();
    private volatile boolean shown;

    private SyncProgress(PrintWriter err) {
        this.err = err;
    }

    /** @param enabled false for output that a program reads */
    public static SyncProgress of(SyncService runs, Sites sites, PrintWriter err, boolean enabled) {
        SyncProgress progress = new SyncProgress(err);
        if (enabled && Terminal.isAttached()) {
            progress.watch.scheduleAtFixedRate(() -> progress.show(runs, sites), MILLIS, MILLIS, TimeUnit.MILLISECONDS);
        }
        return progress;
    }

    private void show(SyncService runs, Sites sites) {
        sites.all().forEach(site -> runs.current(site.name())
                .map(SyncRun::progress)
                .ifPresent(now -> line(site.name() + ": " + now.done() + " of "
                        + Plural.of(now.expected(), "virtual account") + ", " + Plural.of(now.licenses(), "license"))));
    }

    private void line(String text) {
        err.print("\r" + text + " ".repeat(Math.max(0, WIDTH - text.length())));
        err.flush();
        shown = true;
    }

    @Override
    public void close() {
        if (!watch.isShutdown()) {
            watch.shutdownNow();
            if (shown) {
                err.println();
            }
        }
    }
}
