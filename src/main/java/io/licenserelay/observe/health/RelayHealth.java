package io.licenserelay.observe.health;

import java.util.List;
import java.util.Optional;
import org.apache.camel.CamelContext;
import org.apache.camel.health.HealthCheck;
import org.apache.camel.health.HealthCheckRegistry;

/** The relay's checks in Camel's health registry. Thread-safe. */
public final class RelayHealth {
    private final ProcessHealth process;
    private final SiteHealth sites;
    private final BoundedReads reads;
    private final HealthCheck live;
    private final HealthCheck ready;
    private volatile boolean registered;

    /** @param reads bounds the reads of the sites */
    public RelayHealth(ProcessHealth process, SiteHealth sites, BoundedReads reads) {
        this.process = process;
        this.sites = sites;
        this.reads = reads;
        this.live = process.liveness();
        this.ready = process.readiness();
    }

    /** Adds the checks to the context's registry. To be called before the context starts. */
    public void register(CamelContext context) {
        HealthCheckRegistry registry = HealthCheckRegistry.get(context);
        if (registry == null) {
            throw new IllegalStateException("the Camel context has no health registry; camel-health is missing");
        }
        registry.register(live);
        registry.register(ready);
        registry.register(new SiteHealthChecks(sites));
        registered = true;
    }

    /** True while the process starts. Does not block. */
    public boolean isLive() {
        return !registered || isUp(live);
    }

    /** Blocks for some seconds while the database does not answer. */
    public boolean isReady() {
        return registered && isUp(ready);
    }

    /**
     * The status of each site, in the order of the configuration; empty if the database does not answer within some seconds. Blocks while it
     * reads.
     */
    public Optional<List<SiteStatus>> sites() throws InterruptedException {
        return reads.read(sites::all);
    }

    /** The routes have started. */
    public void ready() {
        process.ready();
    }

    /** The relay stops. */
    public void stopping() {
        process.stopping();
    }

    private static boolean isUp(HealthCheck check) {
        return check.call().getState() == HealthCheck.State.UP;
    }
}
