package io.licenserelay.observe.health;

import java.util.Map;
import java.util.stream.Stream;
import org.apache.camel.health.HealthCheck;
import org.apache.camel.health.HealthCheckRepository;
import org.apache.camel.health.HealthCheckResultBuilder;
import org.apache.camel.impl.health.AbstractHealthCheck;

/**
 * The sites in Camel's health registry, one check per site that is configured now: {@code license-relay-site-hq}. They count neither for liveness
 * nor for readiness, since no restart of the relay mends a site. Blocks while it reads the database.
 */
final class SiteHealthChecks implements HealthCheckRepository {
    static final String ID = "license-relay-sites";

    private final SiteHealth sites;
    private volatile boolean enabled = true;

    SiteHealthChecks(SiteHealth sites) {
        this.sites = sites;
    }

    @Override
    public String getId() {
        return ID;
    }

    @Override
    public boolean isEnabled() {
        return enabled;
    }

    @Override
    public void setEnabled(boolean value) {
        enabled = value;
    }

    @Override
    public Stream<HealthCheck> stream() {
        return enabled ? sites.all().stream().map(SiteHealthChecks::check) : Stream.empty();
    }

    private static HealthCheck check(SiteStatus status) {
        return new AbstractHealthCheck(ProcessHealth.GROUP, "license-relay-site-" + status.site()) {
            @Override
            public boolean isLiveness() {
                return false;
            }

            @Override
            public boolean isReadiness() {
                return false;
            }

            @Override
            protected void doCall(HealthCheckResultBuilder builder, Map<String, Object> options) {
                if (status.since() != null) {
                    builder.detail("since", status.since().toString());
                }
                switch (status.state()) {
                    case UP -> builder.up();
                    case UNKNOWN -> builder.message("no run has ended yet").unknown();
                    case DOWN -> builder.message(status.reason()).down();
                }
            }
        };
    }
}
