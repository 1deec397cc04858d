package io.licenserelay.observe.metrics;

import io.licenserelay.config.site.Site;
import io.licenserelay.observe.RelayObserver;
import io.licenserelay.observe.health.BoundedReads;
import io.licenserelay.store.Database;
import io.licenserelay.sync.run.Sites;
import io.micrometer.core.instrument.Clock;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.List;
import java.util.concurrent.Callable;
import org.apache.camel.CamelContext;
import org.apache.camel.component.micrometer.MicrometerConstants;
import org.apache.camel.component.micrometer.eventnotifier.MicrometerRouteEventNotifier;
import org.apache.camel.component.micrometer.routepolicy.MicrometerRoutePolicyConfiguration;
import org.apache.camel.component.micrometer.routepolicy.MicrometerRoutePolicyFactory;

/** All metrics of a relay: its own, those of Camel's routes, and those of the JVM. Thread-safe. */
public final class RelayMetrics implements AutoCloseable {
    /**
     * Routes that are made per site, named {@code template.site}: a series for each would grow with the number of sites. What they do passes
     * through routes that all sites share.
     */
    private static final String ROUTES_OF_SITES = "[^.]+\\..+";

    private final PrometheusMeterRegistry registry;
    private final RelayCounters counters;
    private final RelayGauges gauges;
    private final Sites sites;

    /**
     * @param liveNodes the number of live relays that share the database
     * @param reads bounds the reads of a scrape
     * @param version of this relay
     */
    public RelayMetrics(
            Database database,
            Sites sites,
            Callable<Integer> liveNodes,
            BoundedReads reads,
            String version,
            java.time.Clock clock) {
        PrometheusRegistry prometheus = new PrometheusRegistry();
        this.registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT, prometheus, Clock.SYSTEM);
        this.sites = sites;
        this.counters = new RelayCounters(registry);
        this.gauges = new RelayGauges(database, sites, liveNodes, counters, reads, version, clock);
        prometheus.register(gauges);
        List.of(
                        new JvmMemoryMetrics(),
                        new JvmThreadMetrics(),
                        new ProcessorMetrics(),
                        new UptimeMetrics(),
                        new FileDescriptorMetrics())
                .forEach(each -> each.bindTo(registry));
    }

    /** Counts what the relay does. */
    public RelayObserver observer() {
        return counters;
    }

    /** Counts the exchanges of the context's routes. To be called before the routes are made. */
    public void register(CamelContext context) {
        context.getRegistry().bind(MicrometerConstants.METRICS_REGISTRY_NAME, registry);
        MicrometerRoutePolicyConfiguration perRoute = new MicrometerRoutePolicyConfiguration();
        perRoute.setContextEnabled(false);
        perRoute.setExcludePattern(ROUTES_OF_SITES);
        // The timer of a route counts all its exchanges.
        perRoute.setExchangesTotal(false);
        perRoute.setExchangesSucceeded(false);
        perRoute.setExternalRedeliveries(false);
        MicrometerRoutePolicyFactory policies = new MicrometerRoutePolicyFactory();
        // The name app_info says neither whose version it is nor of what.
        policies.setSkipCamelInfo(true);
        policies.setMeterRegistry(registry);
        policies.setPolicyConfiguration(perRoute);
        context.addRoutePolicyFactory(policies);
        MicrometerRouteEventNotifier routes = new MicrometerRouteEventNotifier();
        routes.setSkipCamelInfo(true);
        routes.setMeterRegistry(registry);
        context.getManagementStrategy().addEventNotifier(routes);
    }

    /** All metrics in Prometheus' text format 0.0.4. Reads the database, and blocks for some seconds while it does not answer. */
    public String scrape() {
        for (Site site : sites.all()) {
            counters.show(site.name());
        }
        return registry.scrape();
    }

    @Override
    public void close() {
        gauges.close();
        registry.close();
    }
}
