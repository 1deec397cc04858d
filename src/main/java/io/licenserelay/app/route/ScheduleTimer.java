package io.licenserelay.app.route;

import org.apache.camel.CamelContext;
import org.apache.camel.component.quartz.QuartzComponent;
import org.quartz.Scheduler;
import org.quartz.SchedulerException;
import org.quartz.Trigger;
import org.quartz.TriggerKey;
import org.quartz.impl.matchers.GroupMatcher;

/**
 * Reschedules Quartz after a change of the wall clock. Quartz stores the next time of a trigger as an absolute instant. If the clock is set
 * back by two days, no trigger fires for two days. A stopped route keeps its trigger, so restarting the route does not help.
 */
public final class ScheduleTimer {
    /** The route that Quartz fires. */
    static final String SCHEDULE = "schedule";

    /** The route that detects a change of the wall clock with the monotonic clock. */
    static final String CLOCK = "clock";

    /**
     * Replaces every trigger by the same trigger that starts now.
     *
     * @throws SchedulerException if Quartz refuses; the triggers that are not yet replaced keep their old times
     */
    public void beginAnew(CamelContext context) throws SchedulerException {
        Scheduler scheduler =
                context.getComponent("quartz", QuartzComponent.class).getScheduler();
        for (TriggerKey key : scheduler.getTriggerKeys(GroupMatcher.anyGroup())) {
            Trigger old = scheduler.getTrigger(key);
            if (old != null) {
                scheduler.rescheduleJob(key, old.getTriggerBuilder().startNow().build());
            }
        }
    }
}
