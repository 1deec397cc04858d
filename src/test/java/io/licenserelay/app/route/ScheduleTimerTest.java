package io.licenserelay.app.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.component.quartz.QuartzComponent;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.Test;
import org.quartz.Scheduler;
import org.quartz.TriggerKey;

class ScheduleTimerTest {
    private static final TriggerKey TRIGGER = new TriggerKey("schedule", "relay");

    /** The state of Quartz after the wall clock was set back by two days: the next fire time is two days ahead. */
    @Test
    void aTriggerWithANextTimeDaysAheadFiresAgainAtOnce() throws Exception {
        AtomicInteger fired = new AtomicInteger();
        try (DefaultCamelContext context = new DefaultCamelContext()) {
            context.addRoutes(new RouteBuilder() {
                @Override
                public void configure() {
                    from("quartz:relay/schedule?cron=*+*+*+*+*+?&stateful=true")
                            .routeId(ScheduleTimer.SCHEDULE)
                            .process(exchange -> fired.incrementAndGet());
                }
            });
            context.start();
            Scheduler scheduler =
                    context.getComponent("quartz", QuartzComponent.class).getScheduler();
            Instant ahead = Instant.now().plus(Duration.ofDays(2));
            scheduler.rescheduleJob(
                    TRIGGER,
                    scheduler
                            .getTrigger(TRIGGER)
                            .getTriggerBuilder()
                            .startAt(Date.from(ahead))
                            .build());
            assertThat(scheduler.getTrigger(TRIGGER).getNextFireTime().toInstant())
                    .isAfter(ahead.minus(Duration.ofMinutes(1)));

            new ScheduleTimer().beginAnew(context);

            int before = fired.get();
            await().atMost(Duration.ofSeconds(20)).until(() -> fired.get() >= before + 2);
        }
    }
}
