package io.licenserelay.app.route;

import io.licenserelay.config.site.Place;
import io.licenserelay.evidence.Evidence;
import io.licenserelay.evidence.Failure;
import io.licenserelay.evidence.SiteTask;
import io.licenserelay.evidence.collect.EvidenceTask;
import io.licenserelay.inventory.model.AccountToPull;
import io.licenserelay.inventory.model.VirtualAccountToPull;
import io.licenserelay.log.LogContext;
import org.apache.camel.AsyncCallback;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.support.processor.DelegateAsyncProcessor;

/**
 * Gives the log lines of each step the run and place of its exchange, on whichever thread Camel runs the step: the fields follow from the
 * variables of the exchange, so they cannot be those of another run. An exchange without a task keeps the fields of its thread, because a
 * step of a run sent it.
 */
public final class StepLogContext extends DelegateAsyncProcessor {
    private StepLogContext(Processor step) {
        super(step);
    }

    /** Observes every step of the routes that are added from now on. */
    public static void observe(CamelContext context) {
        context.getCamelContextExtension()
                .addInterceptStrategy((camel, definition, step, next) -> new StepLogContext(step));
    }

    @Override
    public boolean process(Exchange exchange, AsyncCallback callback) {
        if (!(exchange.getVariable("task") instanceof SiteTask task)) {
            return super.process(exchange, callback);
        }
        // Closed also if the step continues on another thread; the next step there sets its own fields.
        try (LogContext.Scope scope = LogContext.of(place(exchange, task), task.runId(), task.traceId())) {
            return super.process(exchange, callback);
        }
    }

    /** The most precise place that the route knows. */
    private static Place place(Exchange exchange, SiteTask task) {
        if (exchange.getVariable("va") instanceof VirtualAccountToPull va) {
            return va.place();
        }
        if (exchange.getVariable("account") instanceof AccountToPull account) {
            return account.place();
        }
        if (exchange.getVariable("evidence") instanceof Evidence evidence) {
            return evidence.failure().place();
        }
        Object body = exchange.getMessage().getBody();
        if (body instanceof Failure failure) {
            return failure.place();
        }
        if (body instanceof EvidenceTask<?> probe && probe.failure() != null) {
            return probe.failure().place();
        }
        return task.site().place();
    }
}
