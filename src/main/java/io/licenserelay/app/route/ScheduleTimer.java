package io.licenserelay.app.route;

import org.apache.camel.CamelContext;
import org.apache.camel.component.quartz.QuartzComponent;
import org.quartz.Scheduler;
import org.quartz.SchedulerException;
import org.quartz.Trigger;
import org.quartz.TriggerKey;
import org.quartz.impl.matchers.GroupMatcher;

/**
 * Reschedules Quartz after the wall clock was set. Quartz keeps the next time of a trigger as an absolute instant: after the clock was set
 * back by two days, no trigger fires for two days. A stopped route keeps its trigger, so restarting the route changes nothing.
 */
public final class ScheduleTimer {
    /** The route that Quartz fires. */
    static final String SCHEDULE = "schedule";

    /** The route that notices, by the monotonic clock, that the wall clock was set. */
    static final String CLOCK = "clock";

    /**
     * Replaces every trigger by the same trigger that starts now.
     *
     * @throws SchedulerException when Quartz refuses; the triggers not yet replaced keep their old times
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
