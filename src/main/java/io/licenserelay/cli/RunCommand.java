package io.licenserelay.cli;

import io.licenserelay.app.Relay;
import io.licenserelay.app.RelayVersion;
import io.licenserelay.app.route.RouteFiles;
import io.licenserelay.cli.common.CommandErrors;
import io.licenserelay.cli.common.RelayCommand;
import io.licenserelay.config.Configuration;
import io.licenserelay.config.watch.ConfigurationWatch;
import io.licenserelay.console.LocalApi;
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
        LocalApi.boundConnections();
        StopSignal stop = StopSignal.install();
        try (DataFolder held = data.get();
                Relay relay = new Relay(configuration, held.path(), Clock.systemUTC())) {
            log.redactWith(relay.redactor());
            relay.follow(files);
            relay.start(routes, true);
            try (LocalApi api = LocalApi.start(held.path(), relay.asSyncs(), relay.asReportActions())) {
                LOG.info(
                        "ready: {}, routes: {}, local API at {}",
                        Plural.of(configuration.sites().size(), "site"),
                        routes,
                        api.address());
                try (ClassArchive archive = ClassArchive.inBackground()) {
                    stop.await();
                }
                LOG.info("stopping");
                relay.runs().stop();
            }
        }
        return 0;
    }
}
