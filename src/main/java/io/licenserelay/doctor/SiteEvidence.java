package io.licenserelay.doctor;

import io.licenserelay.app.CheckResult;
import io.licenserelay.app.CheckResult.Mark;
import io.licenserelay.app.EvidenceModule;
import io.licenserelay.app.route.BadRoutes;
import io.licenserelay.app.route.EvidenceContext;
import io.licenserelay.app.route.RouteFiles;
import io.licenserelay.config.Configuration;
import io.licenserelay.config.site.Site;
import io.licenserelay.evidence.Evidence;
import io.licenserelay.evidence.Failure;
import io.licenserelay.evidence.collect.EvidenceRoutes;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The evidence of sites by the routes that collect it for a run, an operator's own probes and log tails among them. Thread-safe.
 */
final class SiteEvidence implements AutoCloseable {
    private final EvidenceModule module;
    private final EvidenceContext context;
    private final @Nullable BadRoutes unusable;

    private SiteEvidence(EvidenceModule module, EvidenceContext context, @Nullable BadRoutes unusable) {
        this.module = module;
        this.context = context;
        this.unusable = unusable;
    }

    /**
     * Starts the routes.
     *
     * @param module is closed with this
     * @throws BadRoutes when not even the packed routes can be used
     */
    static SiteEvidence start(EvidenceModule module, Configuration configuration, List<Site> sites, RouteFiles files)
            throws BadRoutes {
        try {
            return new SiteEvidence(
                    module, EvidenceContext.start(module, configuration.settings(), sites, files), null);
        } catch (BadRoutes bad) {
            if (files.equals(RouteFiles.PACKED)) {
                throw bad;
            }
            EvidenceContext packed = EvidenceContext.start(module, configuration.settings(), sites, RouteFiles.PACKED);
            return new SiteEvidence(module, packed, bad);
        }
    }

    /** That the route files cannot be used, if they cannot: then the packed ones collected the evidence. */
    List<CheckResult> problems() {
        return unusable == null
                ? List.of()
                : List.of(CheckResult.bad(
                        Mark.ERROR,
                        "routes",
                        String.valueOf(unusable.getMessage()),
                        "correct the file; the evidence here is that of the packed routes"));
    }

    /** Takes as long as the slowest probe or log tail, and not much longer than the site's deadline. */
    Evidence collect(Failure failure, Site site) {
        EvidenceRoutes routes = module.routes();
        return routes.collect(routes.ofSsm(failure, site), site);
    }

    @Override
    public void close() {
        module.close();
        context.close();
    }
}
