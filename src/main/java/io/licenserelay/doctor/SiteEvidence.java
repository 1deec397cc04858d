package io.licenserelay.doctor;

import io.licenserelay.app.CheckResult;
import io.licenserelay.app.CheckResult.Mark;
import io.licenserelay.app.route.BadRoutes;
import io.licenserelay.app.route.EvidenceContext;
import io.licenserelay.app.route.RouteFiles;
import io.licenserelay.app.site.EvidenceModule;
import io.licenserelay.config.Configuration;
import io.licenserelay.config.site.Site;
import io.licenserelay.evidence.Evidence;
import io.licenserelay.evidence.Failure;
import io.licenserelay.evidence.collect.EvidenceRoutes;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Collects the evidence of sites with the same routes as a run, including an operator's own probes and log tails. Thread-safe.
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
     * @param module closed together with this object
     * @throws BadRoutes if even the packed routes cannot be used
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

    /** An error if the operator's route files cannot be used. The packed routes then collected the evidence. */
    List<CheckResult> problems() {
        return unusable == null
                ? List.of()
                : List.of(CheckResult.bad(
                        Mark.ERROR,
                        "routes",
                        String.valueOf(unusable.getMessage()),
                        "correct the file; this evidence was collected by the packed routes"));
    }

    /** Collects evidence of a failure. Takes as long as the slowest probe or log tail, limited by the site's deadline. */
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
