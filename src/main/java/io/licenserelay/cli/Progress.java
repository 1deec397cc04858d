package io.licenserelay.cli;

import io.licenserelay.sync.Run;
import io.licenserelay.sync.Runs;
import io.licenserelay.sync.Sites;
import java.io.PrintWriter;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import org.jspecify.annotations.Nullable;

/** Shows on a terminal how far the runs are; elsewhere it shows nothing. */
final class Progress implements AutoCloseable {
    private final @Nullable ProgressBar bar;
    private final @Nullable ScheduledExecutorService watch;

    private Progress(@Nullable ProgressBar bar, @Nullable ScheduledExecutorService watch) {
        this.bar = bar;
        this.watch = watch;
    }

    /** @param wanted false for output that a program reads */
    static Progress of(Runs runs, Sites sites, PrintWriter err, boolean wanted) {
        if (!wanted || System.console() == null) {
            return new Progress(null, null);
        }
        err.flush();
        ProgressBar bar = new ProgressBarBuilder()
                .setTaskName("virtual accounts")
                .setInitialMax(-1)
                .setUpdateIntervalMillis(200)
                .setConsumer(new ConsoleProgressBarConsumer(System.err))
                .build();
        ScheduledExecutorService watch = Executors.newSingleThreadScheduledExecutor();
        watch.scheduleAtFixedRate(() -> show(runs, sites, bar), 200, 200, TimeUnit.MILLISECONDS);
        return new Progress(bar, watch);
    }

    private static void show(Runs runs, Sites sites, ProgressBar bar) {
        sites.all().forEach(site -> runs.current(site.name()).map(Run::progress).ifPresent(progress -> {
            bar.maxHint(progress.expected());
            bar.stepTo(progress.done());
            bar.setExtraMessage(" " + site.name() + ", " + progress.licenses() + " licenses");
        }));
    }

    @Override
    public void close() {
        if (watch != null) {
            watch.shutdownNow();
        }
        if (bar != null) {
            bar.close();
        }
    }
}
