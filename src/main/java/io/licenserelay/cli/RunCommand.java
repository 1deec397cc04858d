package io.licenserelay.cli;

import io.licenserelay.app.Relay;
import io.licenserelay.app.RelayVersion;
import io.licenserelay.app.route.RouteFiles;
import io.licenserelay.app.web.WebModule;
import io.licenserelay.cli.common.CommandErrors;
import io.licenserelay.cli.common.RelayCommand;
import io.licenserelay.config.Configuration;
import io.licenserelay.config.watch.ConfigurationWatch;
import io.licenserelay.config.web.WebServing;
import io.licenserelay.diagnosis.Rules;
import io.licenserelay.doctor.WeakSecrets;
import io.licenserelay.log.LoggingService;
import io.licenserelay.log.ServiceLog;
import io.licenserelay.redact.Redactor;
import io.licenserelay.store.DataFolder;
import io.licenserelay.text.Plural;
import java.time.Clock;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;

/** {@code run}: the relay as a service. */
@Command(
        name = "run",
        description = "Runs the configured sites on their schedules until it is stopped.",
        exitCodeList = {
            "0:stopped",
            "1:another relay uses the data folder, or the relay could not start",
            "2:bad configuration, rules or routes"
        })
final class RunCommand extends RelayCommand {
    private static final Logger LOG = LoggerFactory.getLogger(RunCommand.class);

    @Override
    public Integer call() throws Exception {
        Configuration configuration = folders.configuration();
        ConfigurationWatch files = folders.watch(configuration, Clock.systemUTC());
        ServiceLog log = ServiceLog.start(
                configuration.settings().logFormat(),
                new LoggingService(
                        configuration.settings().name(), configuration.cluster().node(), RelayVersion.text()),
                Redactor.of(() -> Relay.revealed(configuration.secrets())));
        Rules.in(configuration.folder());
        RouteFiles routes = folders.routes();
        Optional<DataFolder> data = DataFolder.take(folders.data);
        if (data.isEmpty()) {
            throw CommandErrors.failure("Another relay uses " + folders.data
                    + "; stop it, or start this relay with another --data folder.");
        }
        WeakSecrets.of(configuration).forEach(warning -> LOG.warn("{}", warning.line()));
        StopSignal stop = StopSignal.install();
        try (DataFolder held = data.get();
                Relay relay = new Relay(configuration, held.path(), Clock.systemUTC())) {
            log.redactWith(relay.redactor());
            relay.follow(files);
            if (configuration.settings().web().serving() == WebServing.ON) {
                try (WebModule web = new WebModule(configuration.settings().web(), held.path(), Clock.systemUTC())) {
                    relay.serve(web);
                    relay.start(routes, true);
                    web.listen();
                    runUntil(stop, relay, readiness(configuration, routes) + ", console: " + web.address());
                }
            } else {
                relay.start(routes, true);
                runUntil(stop, relay, readiness(configuration, routes));
            }
        }
        return 0;
    }

    private static String readiness(Configuration configuration, RouteFiles routes) {
        return Plural.of(configuration.sites().size(), "site") + ", routes: " + routes;
    }

    private static void runUntil(StopSignal stop, Relay relay, String readiness) throws Exception {
        LOG.info("ready: {}", readiness);
        try (ClassArchive archive = ClassArchive.inBackground()) {
            stop.await();
        }
        LOG.info("stopping");
        relay.runs().stop();
    }
}
