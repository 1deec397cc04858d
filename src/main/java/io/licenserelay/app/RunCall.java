package io.licenserelay.app;

import io.licenserelay.config.site.Place;
import io.licenserelay.log.LogContext;
import io.licenserelay.store.NotOwner;
import io.licenserelay.sync.run.SyncRequest;
import io.licenserelay.sync.run.SyncResult;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePropertyKey;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.Route;
import org.apache.camel.RuntimeExpressionException;
import org.apache.camel.util.ObjectHelper;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Starts one run through the routes. If a route aborts the run, the run has failed, and the log names the route and its file. */
final class RunCall {
    private static final Logger LOG = LoggerFactory.getLogger(RunCall.class);

    private final CamelContext context;
    private final Clock clock;

    RunCall(CamelContext context, Clock clock) {
        this.context = context;
        this.clock = clock;
    }

    /** The results; empty if a sync of the site is already running. */
    Optional<List<SyncResult>> run(SyncRequest request) {
        try (LogContext.Scope scope = LogContext.of(Place.site(request.site()))) {
            return runLogged(request);
        }
    }

    private Optional<List<SyncResult>> runLogged(SyncRequest request) {
        Instant begun = clock.instant();
        Exchange exchange = send(request);
        Object answer = exchange.getException() == null ? exchange.getMessage().getBody() : exchange.getException();
        if (answer instanceof List<?> results) {
            return Optional.of(results.stream().map(SyncResult.class::cast).toList());
        }
        if (answer instanceof Exception broken) {
            if (ObjectHelper.getException(NotOwner.class, broken) == null) {
                LOG.error("{}: the sync was not finished: {}", request.site(), reason(exchange, broken));
            } else {
                LOG.info("{}: the sync was not finished: {}", request.site(), broken.getMessage());
            }
            LOG.debug("the sync was not finished", broken);
            return Optional.of(List.of(SyncResult.unfinished(
                    request.site(), Duration.between(begun, clock.instant()).toMillis() / 1000.0)));
        }
        return Optional.empty();
    }

    /** Stops its template, because the context keeps a producer for each template that is not stopped. */
    private Exchange send(SyncRequest request) {
        ProducerTemplate template = context.createProducerTemplate();
        try {
            return template.request("direct:run", toRun -> toRun.getMessage().setBody(request));
        } finally {
            template.stop();
        }
    }

    private String reason(Exchange exchange, Exception broken) {
        String id = exchange.getProperty(ExchangePropertyKey.FAILURE_ROUTE_ID, "run", String.class);
        Route route = context.getRoute(id);
        String file = route == null || route.getSourceResource() == null
                ? ""
                : " in " + route.getSourceResource().getLocation().replaceFirst("^(?:file|classpath):", "");
        // The cause of a failed expression is more precise than the exception itself.
        Throwable why =
                broken instanceof RuntimeExpressionException && broken.getCause() != null ? broken.getCause() : broken;
        return "route " + id + file + " failed with " + why.getClass().getSimpleName() + ": " + why.getMessage();
    }
}
