package io.licenserelay.cli;

import io.licenserelay.console.LocalApi;
import io.licenserelay.site.Configuration;
import io.licenserelay.store.DataFolder;
import java.time.Clock;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code run}: the relay as a service. */
@Command(
        name = "run",
        mixinStandardHelpOptions = true,
        description = "Runs the sites of relay.yaml on their schedules until it is stopped.",
        exitCodeListHeading = "Exit codes:%n",
        exitCodeList = {
            "0:stopped",
            "1:another relay holds the data folder, or it could not start",
            "2:bad configuration, rules or routes"
        })
final class RunCommand implements Callable<Integer> {
    private static final Logger LOG = LoggerFactory.getLogger(RunCommand.class);

    @Mixin
    private Folders folders;

    @Override
    public Integer call() throws Exception {
        Configuration configuration = folders.configuration();
        Relay.rules(configuration.folder());
        Optional<DataFolder> data = DataFolder.take(folders.data);
        if (data.isEmpty()) {
            throw new Complaints.Refusal(
                    Complaints.FAILED,
                    "Another relay holds " + folders.data + "; stop it, or give this one a --data folder of its own.");
        }
        CountDownLatch stopped = new CountDownLatch(1);
        CountDownLatch closed = new CountDownLatch(1);
        Runtime.getRuntime()
                .addShutdownHook(new Thread(
                        () -> {
                            stopped.countDown();
                            awaitQuietly(closed);
                        },
                        "stop"));
        try (DataFolder held = data.get();
                Relay relay = new Relay(configuration, held.path(), Clock.systemUTC())) {
            relay.start(folders.routes, true);
            try (LocalApi api = LocalApi.start(held.path(), relay.asSyncs(), relay.asReportActions())) {
                LOG.info(
                        "ready: {} site(s), local API at {}",
                        configuration.sites().size(),
                        api.address());
                stopped.await();
                LOG.info("stopping");
                relay.runs().stop();
            }
        } finally {
            closed.countDown();
        }
        return 0;
    }

    /** The JVM ends when its shutdown hooks do, so the hook waits for the relay to close. */
    private static void awaitQuietly(CountDownLatch closed) {
        try {
            closed.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
