package io.licenserelay.cli;

import org.apache.camel.CamelContext;
import org.apache.camel.spi.RouteController;

/**
 * Has Quartz wait anew for the next run. It waits by the wall clock: after that was set back, it would stand still for as long as the clock
 * was set back.
 */
public final class ScheduleTimer {
    /** The route that Quartz fires. */
    static final String SCHEDULE = "schedule";

    /** The route that notices, by the monotonic clock, that the wall clock was set. */
    static final String CLOCK = "clock";

    /** Stopping the route takes its trigger out of Quartz, starting it puts in a new one. */
    public void beginAnew(CamelContext context) throws Exception {
        RouteController routes = context.getRouteController();
        routes.stopRoute(SCHEDULE);
        routes.startRoute(SCHEDULE);
    }
}
