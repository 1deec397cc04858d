package io.licenserelay.app.site;

import io.licenserelay.app.route.BadRoutes;
import io.licenserelay.app.route.RouteFiles;
import io.licenserelay.app.route.SiteRoutes;
import io.licenserelay.app.route.SyslogPortUnavailable;
import io.licenserelay.app.route.SyslogReceivers;
import io.licenserelay.config.site.Site;
import io.licenserelay.evidence.collect.EvidenceRoutes;
import java.util.List;
import org.apache.camel.CamelContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The routes of each site in a Camel context that runs. The calls for one site come one after the other. */
public final class RunningRoutes {
    private static final Logger LOG = LoggerFactory.getLogger(RunningRoutes.class);

    private final CamelContext context;
    private final RouteFiles files;
    private final SiteRoutes routes;
    private final SyslogReceivers receivers;
    private final EvidenceRoutes evidence;

    /** @param files the loaded route files, for the messages */
    public RunningRoutes(
            CamelContext context,
            RouteFiles files,
            SiteRoutes routes,
            SyslogReceivers receivers,
            EvidenceRoutes evidence) {
        this.context = context;
        this.files = files;
        this.routes = routes;
        this.receivers = receivers;
        this.evidence = evidence;
    }

    /**
     * Creates and starts the routes of a site, whose parts exist.
     *
     * @throws BadRoutes if the route files do not fit to the site; a part of the routes may exist then
     * @throws SyslogPortUnavailable if a syslog port cannot be opened; a part of the routes may exist then
     */
    public void add(Site site) throws BadRoutes, SyslogPortUnavailable {
        try {
            evidence.requireUsable(List.of(site));
            routes.add(site);
            receivers.receive(site, context, routes);
            routes.watch(site);
        } catch (RuntimeException e) {
            throw new BadRoutes(files, e);
        }
    }

    /**
     * Stops the routes that check the site between its runs.
     *
     * @return false if a check is still in progress; try again
     */
    boolean stop(Site site) {
        try {
            return routes.stop(site);
        } catch (Exception e) {
            throw new IllegalStateException(
                    "the routes of " + site.name() + " cannot be stopped: " + e.getMessage(), e);
        }
    }

    /** Starts again what {@link #stop} stopped. */
    void resume(Site site) {
        try {
            routes.resume(site);
        } catch (Exception e) {
            throw new IllegalStateException(
                    "the routes of " + site.name() + " cannot be started: " + e.getMessage(), e);
        }
    }

    /** Removes the routes of a site, as far as they exist. */
    void remove(Site site) {
        try {
            routes.remove(site);
        } catch (Exception e) {
            LOG.warn("{}: not all routes were removed: {}", site.name(), e.toString());
        }
        try {
            receivers.remove(site, context, routes);
        } catch (Exception e) {
            LOG.warn("{}: the last lines of a syslog were not stored: {}", site.name(), e.toString());
        }
    }
}
