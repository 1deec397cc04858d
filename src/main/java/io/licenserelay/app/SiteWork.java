package io.licenserelay.app;

import io.licenserelay.app.member.OwnedWork;
import io.licenserelay.app.route.SiteRoutes;
import io.licenserelay.app.site.DigestsInForce;
import io.licenserelay.cluster.configuration.NodeConfigurations;
import io.licenserelay.cluster.configuration.SiteDigests;
import io.licenserelay.config.site.Site;
import io.licenserelay.event.kafka.publication.Publication;
import io.licenserelay.incident.relay.KafkaWatch;
import io.licenserelay.store.Database;
import io.licenserelay.sync.AwaitedRequests;
import io.licenserelay.sync.PendingRequests;
import io.licenserelay.sync.run.Sites;
import io.licenserelay.sync.run.SyncService;
import io.licenserelay.sync.schedule.RunQueue;
import io.licenserelay.sync.watch.ManagerWatch;
import java.util.Collection;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.spi.InflightRepository;

/** What the relay does when it begins or ends to work for a site, or for what belongs to no site. */
final class SiteWork implements OwnedWork {
    private final Sites sites;
    private final SyncService runs;
    private final RunQueue queue;
    private final AwaitedRequests awaited;
    private final PendingRequests pending;
    private final ReportModule reports;
    private final ManagerWatch managers;
    private final KafkaWatch kafka;
    private final Publication publication;
    private final NodeConfigurations configurations;
    private final DigestsInForce digests;
    private final Predicate<String> runnable;
    private final Supplier<CamelContext> context;

    /** @param runnable false for a site that could neither be changed nor be restored, so that another relay of a cluster takes it */
    SiteWork(
            Sites sites,
            SyncService runs,
            RunQueue queue,
            AwaitedRequests awaited,
            PendingRequests pending,
            ReportModule reports,
            ManagerWatch managers,
            KafkaWatch kafka,
            Publication publication,
            NodeConfigurations configurations,
            DigestsInForce digests,
            Predicate<String> runnable,
            Supplier<CamelContext> context) {
        this.sites = sites;
        this.runs = runs;
        this.queue = queue;
        this.awaited = awaited;
        this.pending = pending;
        this.reports = reports;
        this.managers = managers;
        this.kafka = kafka;
        this.publication = publication;
        this.configurations = configurations;
        this.digests = digests;
        this.runnable = runnable;
        this.context = context;
    }

    @Override
    public Set<String> keys() {
        return Stream.concat(sites.all().stream().map(Site::name), Stream.of(Database.RELAY))
                .collect(Collectors.toSet());
    }

    @Override
    public SiteDigests digests() {
        return digests.inForce();
    }

    @Override
    public void begin(String key) {
        if (key.equals(Database.RELAY)) {
            kafka.begin();
            publication.takeOver();
            retire();
            return;
        }
        if (!sites.isKnown(key)) {
            // The site was removed from the configuration after this relay took it; it is about to be given back.
            return;
        }
        Site site = sites.named(key);
        reports.begin(site);
        runs.endInterrupted(site);
        managers.retire(site);
    }

    @Override
    public void retire() {
        runs.retire(configurations::agreed);
        pending.dropUnknown(configurations::agreed);
    }

    @Override
    public void pause(String key) {
        queue.drop(key);
    }

    @Override
    public void end(String key) {
        queue.drop(key);
        pending.end(key);
    }

    @Override
    public void collect() {
        pending.collect();
        pending.deleteAbandoned();
    }

    @Override
    public void recheck() {
        reports.recheckFolders();
    }

    @Override
    public boolean isIdle(String key) {
        return queue.isIdle(key) && awaited.isIdle(key) && inflight(SiteRoutes.ownedBy(key)) == 0;
    }

    @Override
    public boolean isFit(String key) {
        return runnable.test(key) && reports.isFit(key);
    }

    @Override
    public boolean isQuiet() {
        return queue.isIdle()
                && awaited.isIdle()
                && keys().stream().allMatch(key -> inflight(SiteRoutes.ownedBy(key)) == 0);
    }

    private int inflight(Collection<String> routes) {
        InflightRepository exchanges = context.get().getInflightRepository();
        return routes.stream().mapToInt(exchanges::size).sum();
    }
}
