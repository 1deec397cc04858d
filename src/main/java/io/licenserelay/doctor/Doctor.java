package io.licenserelay.doctor;

import io.licenserelay.app.CheckResult;
import io.licenserelay.app.EvidenceModule;
import io.licenserelay.app.route.BadRoutes;
import io.licenserelay.app.route.RouteFiles;
import io.licenserelay.config.Configuration;
import io.licenserelay.config.site.Site;
import io.licenserelay.diagnosis.DiagnosisJson;
import io.licenserelay.diagnosis.Rules;
import io.licenserelay.http.HttpRequests;
import io.licenserelay.redact.Redactor;
import io.licenserelay.ssm.SsmServer;
import io.licenserelay.ssm.SsmServers;
import io.licenserelay.ssm.token.RejectedCredentials;
import io.licenserelay.store.DataFolder;
import io.licenserelay.store.Database;
import io.licenserelay.store.StoreFailed;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/** Looks at the relay, at Kafka and at sites side by side: what is silent holds up nobody but itself. */
public final class Doctor {
    /** So many sites are looked at side by side. */
    private static final int SIDE_BY_SIDE = 8;

    private Doctor() {}

    /**
     * Checks everything that a sync needs.
     *
     * @param routes with which evidence is collected
     * @throws BadRoutes when not even the packed routes can be used
     */
    public static DoctorReport of(
            Configuration configuration,
            List<Site> wanted,
            Path data,
            RouteFiles routes,
            boolean tryPasswords,
            Rules rules,
            Redactor redactor,
            Clock clock)
            throws Exception {
        RelayDoctor relay = new RelayDoctor(rules, clock);
        List<CheckResult> checks = new ArrayList<>(relay.data(data));
        ExecutorService workers = Executors.newFixedThreadPool(2 + Math.min(SIDE_BY_SIDE, wanted.size()));
        try (Opened state = Opened.reading(data, relay);
                PasswordMemory passwords = PasswordMemory.of(data, wanted);
                SsmServers servers = servers(wanted, passwords.refusals(clock), redactor, clock)) {
            checks.addAll(state.problems);
            boolean running = DataFolder.isHeld(data);
            // First, so that a worker is free for it: each site waits for it.
            Future<SiteEvidence> evidence = workers.submit(() -> SiteEvidence.start(
                    EvidenceModule.forChecks(
                            wanted, servers::of, configuration.sites(), state.database, rules.logs(), clock),
                    configuration,
                    wanted,
                    routes));
            DoctorContext context = new DoctorContext(
                    servers,
                    evidence,
                    state.database,
                    running,
                    passwords.refusals(clock),
                    tryPasswords,
                    rules,
                    redactor,
                    clock);
            SiteExamination examination = site -> SiteDoctor.of(site, context);
            DoctorReport report =
                    sideBySide(configuration, wanted, state.database, relay, checks, examination, redactor, workers);
            try (SiteEvidence routesUsed = done(evidence)) {
                return report.startingWith(routesUsed.problems());
            }
        } finally {
            workers.shutdownNow();
        }
    }

    /** The SSM of each site. */
    private static SsmServers servers(List<Site> sites, RejectedCredentials refusals, Redactor redactor, Clock clock)
            throws IOException {
        Map<String, SsmServer> bySite = new LinkedHashMap<>();
        for (Site site : sites) {
            bySite.put(site.name(), new SsmServer(site, refusals, new HttpRequests(clock), redactor, clock));
        }
        return new SsmServers(bySite);
    }

    private static DoctorReport sideBySide(
            Configuration configuration,
            List<Site> wanted,
            @Nullable Database state,
            RelayDoctor relay,
            List<CheckResult> checks,
            SiteExamination examination,
            Redactor redactor,
            ExecutorService workers)
            throws Exception {
        Future<List<CheckResult>> kafka = workers.submit(() -> relay.kafka(configuration.settings()));
        List<Future<SiteDoctor.Found>> examinations = new ArrayList<>();
        for (Site site : wanted) {
            examinations.add(workers.submit(() -> examination.at(site)));
        }
        checks.addAll(done(kafka));
        checks.addAll(relay.state(state));
        List<DoctorReport.Verdict> verdicts = new ArrayList<>();
        for (int i = 0; i < wanted.size(); i++) {
            SiteDoctor.Found found = done(examinations.get(i));
            checks.addAll(found.checks());
            if (found.diagnosis() != null) {
                verdicts.add(new DoctorReport.Verdict(wanted.get(i).name(), found.diagnosis()));
            }
        }
        DiagnosisJson diagnoses = new DiagnosisJson(configuration.settings().docsBase());
        return new DoctorReport(checks, verdicts, redactor, diagnoses);
    }

    /** Looks at one site. */
    private interface SiteExamination {
        SiteDoctor.Found at(Site site) throws Exception;
    }

    private static <T> T done(Future<T> work) throws Exception {
        try {
            return work.get();
        } catch (ExecutionException broken) {
            throw broken.getCause() instanceof Exception cause ? cause : broken;
        }
    }

    /** The state of a relay, if there is one that can be read. */
    private record Opened(@Nullable Database database, List<CheckResult> problems) implements AutoCloseable {

        static Opened reading(Path data, RelayDoctor relay) {
            try {
                Optional<Database> there = Database.reading(data);
                return new Opened(there.orElse(null), List.of());
            } catch (StoreFailed broken) {
                return new Opened(null, List.of(relay.unreadable(broken)));
            }
        }

        @Override
        public void close() {
            if (database != null) {
                database.close();
            }
        }
    }
}
