package io.licenserelay.observe.health;

import io.licenserelay.store.Database;
import java.util.Map;
import java.util.Optional;
import org.apache.camel.CamelContext;
import org.apache.camel.component.quartz.QuartzComponent;
import org.apache.camel.health.HealthCheckResultBuilder;
import org.apache.camel.impl.health.AbstractHealthCheck;
import org.quartz.Scheduler;
import org.quartz.SchedulerException;

/** Whether this process works (live), and whether it works for its sites (ready). What an SSM does changes neither. Thread-safe. */
public final class ProcessHealth {
    /** The group of the relay's checks in Camel's health registry. */
    static final String GROUP = "license-relay";

    private final Database database;
    private final BoundedReads reads;
    private volatile boolean ready;

    public ProcessHealth(Database database, BoundedReads reads) {
        this.database = database;
        this.reads = reads;
    }

    /** The routes have started. */
    public void ready() {
        ready = true;
    }

    /** The relay stops. */
    public void stopping() {
        ready = false;
    }

    /** A check that is up while the routes run and the database answers within some seconds. Blocks. */
    public AbstractHealthCheck readiness() {
        return new Check("license-relay-ready") {
            @Override
            public boolean isLiveness() {
                return false;
            }

            @Override
            Optional<String> problem() throws InterruptedException {
                if (!ready) {
                    return Optional.of("the routes have not started, or are stopping");
                }
                return reads.read(() -> database.read(tx ->
                                tx.createQuery("SELECT 1").mapTo(Integer.class).one()))
                        .map(one -> Optional.<String>empty())
                        .orElseGet(() -> Optional.of("the database does not answer"));
            }
        };
    }

    /** A check that is up while Camel works and the scheduler that begins the runs works. Does not block. */
    public AbstractHealthCheck liveness() {
        return new Check("license-relay-live") {
            @Override
            public boolean isReadiness() {
                return false;
            }

            @Override
            Optional<String> problem() throws SchedulerException {
                CamelContext context = getCamelContext();
                if (context.getStatus().isStopping() || context.getStatus().isStopped()) {
                    return Optional.of("Camel is stopping or has stopped");
                }
                QuartzComponent quartz = context.hasComponent("quartz") instanceof QuartzComponent found ? found : null;
                Scheduler scheduler = quartz == null ? null : quartz.getScheduler();
                return scheduler != null && scheduler.isShutdown()
                        ? Optional.of("the scheduler has stopped")
                        : Optional.empty();
            }
        };
    }

    private abstract static class Check extends AbstractHealthCheck {
        Check(String id) {
            super(GROUP, id);
        }

        /** What is wrong; empty if nothing is. */
        abstract Optional<String> problem() throws InterruptedException, SchedulerException;

        @Override
        protected void doCall(HealthCheckResultBuilder builder, Map<String, Object> options) {
            try {
                problem().ifPresentOrElse(reason -> builder.message(reason).down(), builder::up);
            } catch (SchedulerException e) {
                builder.error(e).down();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                builder.message("interrupted").down();
            }
        }
    }
}
