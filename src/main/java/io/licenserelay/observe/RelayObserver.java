package io.licenserelay.observe;

import io.licenserelay.config.site.Site;
import io.licenserelay.evidence.ProbeResult;
import io.licenserelay.evidence.collect.ProbeListener;
import io.licenserelay.http.failure.HttpCall;
import io.licenserelay.http.failure.HttpRequestListener;
import io.licenserelay.incident.IncidentListener;
import io.licenserelay.incident.event.Incident;
import io.licenserelay.ssm.token.TokenListener;
import io.licenserelay.sync.run.RunListener;
import io.licenserelay.sync.run.SyncOutcome;
import java.time.Duration;

/** Observes what a relay does. Its methods return at once, throw nothing, and are thread-safe. */
public interface RelayObserver
        extends RunListener, HttpRequestListener, TokenListener, ProbeListener, IncidentListener {
    /** Observes nothing. */
    RelayObserver NONE = new RelayObserver() {
        @Override
        public void finished(String site, SyncOutcome outcome, Duration took) {}

        @Override
        public void answered(HttpCall call, int status, Duration took) {}

        @Override
        public void unanswered(HttpCall call, Duration took) {}

        @Override
        public void requested(Site site, Answer answer) {}

        @Override
        public void withheld(Site site) {}

        @Override
        public void probed(Site site, ProbeResult result) {}

        @Override
        public void opened(Incident incident) {}
    };
}
