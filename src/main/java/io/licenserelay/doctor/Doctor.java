package io.licenserelay.doctor;

import io.licenserelay.app.CheckResult;
import io.licenserelay.app.member.StoredState;
import io.licenserelay.app.route.BadRoutes;
import io.licenserelay.app.route.RouteFiles;
import io.licenserelay.app.site.EvidenceModule;
import io.licenserelay.config.Configuration;
import io.licenserelay.config.cluster.StoreSettings;
import io.licenserelay.config.site.Site;
import io.licenserelay.diagnosis.DiagnosisJson;
import io.licenserelay.diagnosis.Rules;
import io.licenserelay.http.HttpRequests;
import io.licenserelay.redact.Redactor;
import io.licenserelay.ssm.SsmServers;
import io.licenserelay.store.DataFolder;
import io.licenserelay.store.Database;
import io.licenserelay.store.StoreFailed;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/** Checks the relay, Kafka and the sites in parallel. An unresponsive server delays only its own result. */
public final class Doctor {
    /** The number of sites that are checked in parallel. */
    private static final int PARALLEL_SITES = 8;

    private Doctor() {}

    /**
     * Checks everything that a sync needs.
     *
     * @param routes the route files that collect evidence
     * @throws BadRoutes if even the packed routes cannot be used
     */
    public static DoctorReport of(
            Configuration configuration,
            List<Site> sites,
            Path data,
            RouteFiles routes,
            boolean tryPasswords,
            Rules rules,
            Redactor redactor,
            Clock clock)
            throws Exception {
        RelayDoctor relay = new RelayDoctor(rules, clock);
        List<CheckResult> checks = new ArrayList<>(relay.data(data));
        StoredState stored = new StoredState(data, configuration.cluster());
        checks.addAll(store(configuration, stored, clock));
        ExecutorService workers = Executors.newFixedThreadPool(2 + Math.min(PARALLEL_SITES, sites.size()));
        try (Opened state = Opened.reading(stored, relay);
                PasswordMemory passwords = PasswordMemory.of(data, stored, sites);
                SsmServers servers =
                        SsmServers.of(sites, passwords.refusals(clock), new HttpRequests(clock), redactor, clock)) {
            checks.addAll(state.problems);
            boolean running = DataFolder.isHeld(data);
            // Submitted first, so that a worker is free for it: the check of each site waits for the result.
            Future<SiteEvidence> evidence = workers.submit(() -> SiteEvidence.start(
                    EvidenceModule.forChecks(
                            sites, servers::of, configuration.sites(), state.database, rules.logs(), clock),
                    configuration,
                    sites,
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
            DoctorReport report = checkInParallel(
                    configuration, sites, state.database, relay, checks, examination, redactor, workers, clock);
            try (SiteEvidence routesUsed = resultOf(evidence)) {
                return report.startingWith(routesUsed.problems());
            }
        } finally {
            workers.shutdownNow();
        }
    }

    private static List<CheckResult> store(Configuration configuration, StoredState stored, Clock clock) {
        StoreSettings store = configuration.cluster().store();
        if (store == null) {
            return List.of();
        }
        StoreDoctor doctor = new StoreDoctor(store, configuration.cluster(), clock);
        List<CheckResult> checks = new ArrayList<>(doctor.server());
        if (checks.get(0).mark() == CheckResult.Mark.OK) {
            stored.cluster().ifPresent(cluster -> checks.addAll(doctor.nodes(cluster, configuration)));
        }
        return checks;
    }

    private static DoctorReport checkInParallel(
            Configuration configuration,
            List<Site> sites,
            @Nullable Database state,
            RelayDoctor relay,
            List<CheckResult> checks,
            SiteExamination examination,
            Redactor redactor,
            ExecutorService workers,
            Clock clock)
            throws Exception {
        Future<List<CheckResult>> kafka = workers.submit(() -> relay.kafka(configuration.settings()));
        List<Future<SiteDoctor.SiteChecks>> examinations = new ArrayList<>();
        for (Site site : sites) {
            examinations.add(workers.submit(() -> examination.at(site)));
        }
        checks.addAll(resultOf(kafka));
        RelayDoctor.management(configuration.settings()).ifPresent(checks::add);
        checks.addAll(relay.state(state));
        StoreSettings store = configuration.cluster().store();
        if (store != null && state != null) {
            checks.addAll(new StoreDoctor(store, configuration.cluster(), clock).folders(state, sites));
        }
        List<DoctorReport.Verdict> verdicts = new ArrayList<>();
        for (int i = 0; i < sites.size(); i++) {
            SiteDoctor.SiteChecks found = resultOf(examinations.get(i));
            checks.addAll(found.checks());
            if (found.diagnosis() != null) {
                verdicts.add(new DoctorReport.Verdict(sites.get(i).name(), found.diagnosis()));
            }
        }
        DiagnosisJson diagnoses = new DiagnosisJson(configuration.settings().docsBase());
        return new DoctorReport(checks, verdicts, redactor, diagnoses);
    }

    /** Checks one site. */
    private interface SiteExamination {
        SiteDoctor.SiteChecks at(Site site) throws Exception;
    }

    private static <T> T resultOf(Future<T> future) throws Exception {
        try {
            return future.get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof Exception cause ? cause : e;
        }
    }

    /** The relay's database, or null with the problem if it cannot be read. */
    private record Opened(@Nullable Database database, List<CheckResult> problems) implements AutoCloseable {

        static Opened reading(StoredState stored, RelayDoctor relay) {
            try {
                return new Opened(stored.reading().orElse(null), List.of());
            } catch (StoreFailed e) {
                return new Opened(
                        null, List.of(relay.unreadable(e, stored.cluster().isPresent())));
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
