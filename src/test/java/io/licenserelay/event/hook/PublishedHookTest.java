package io.licenserelay.event.hook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.licenserelay.event.OutboxRecord;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The publisher passes events to the route at {@code direct:incident-published} and never waits for the route. */
@Timeout(60)
class PublishedHookTest {
    private final List<String> received = new CopyOnWriteArrayList<>();

    @Test
    void incidentEventsArriveInTheOrderOfPublication() throws Exception {
        try (HookContext context = HookContext.with(Hook.INCIDENT_PUBLISHED, exchange -> {
                    received.add(exchange.getMessage().getBody(String.class));
                    assertThat(exchange.getVariable("data", Map.class)).containsKey("number");
                });
                PublishedHook hook = new PublishedHook(context.calls(), "failures")) {
            hook.offer(List.of(event("failures", 1), event("syncs", 2), event("failures", 3)));
            hook.offer(List.of(event("failures", 4)));

            await().until(() -> received.size() == 3);
            assertThat(received).containsExactly(value(1), value(3), value(4));
        }
    }

    @Test
    void eventsBeyondTheQueueLimitAreDroppedAndCounted() throws Exception {
        CountDownLatch blocked = new CountDownLatch(1);
        try (HookContext context = HookContext.with(Hook.INCIDENT_PUBLISHED, exchange -> {
                    blocked.await();
                    received.add(exchange.getMessage().getBody(String.class));
                });
                PublishedHook hook = new PublishedHook(context.calls(), "failures")) {
            hook.offer(IntStream.range(0, 300)
                    .mapToObj(number -> event("failures", number))
                    .toList());

            assertThat(hook.dropped()).isEqualTo(300 - PublishedHook.QUEUE);
            blocked.countDown();
            await().until(() -> received.size() == PublishedHook.QUEUE);
            hook.offer(List.of(event("failures", 300)));
            await().until(() -> received.contains(value(300)));
            assertThat(hook.dropped()).isEqualTo(300 - PublishedHook.QUEUE);
        }
    }

    @Test
    void aFailureLosesOnlyTheFailedEvent() throws Exception {
        try (HookContext context = HookContext.with(Hook.INCIDENT_PUBLISHED, exchange -> {
                    String body = exchange.getMessage().getBody(String.class);
                    if (body.equals(value(1))) {
                        throw new IOException("no answer");
                    }
                    received.add(body);
                });
                PublishedHook hook = new PublishedHook(context.calls(), "failures")) {
            hook.offer(List.of(event("failures", 1), event("failures", 2)));

            await().until(() -> received.equals(List.of(value(2))));
            assertThat(hook.dropped()).isZero();
        }
    }

    @Test
    void waitingEventsAreDroppedWhenTheRelayStops() throws Exception {
        CountDownLatch started = new CountDownLatch(1);
        CountDownLatch never = new CountDownLatch(1);
        try (HookContext context = HookContext.with(Hook.INCIDENT_PUBLISHED, exchange -> {
            started.countDown();
            never.await();
        })) {
            PublishedHook hook = new PublishedHook(context.calls(), "failures");
            hook.offer(List.of(event("failures", 1), event("failures", 2)));
            started.await();
            hook.close();
            hook.offer(List.of(event("failures", 3)));

            await().until(() -> hook.dropped() == 3);
        }
    }

    private static OutboxRecord event(String topic, int number) {
        return new OutboxRecord(number, topic, "key", Map.of(), value(number), null);
    }

    private static String value(int number) {
        return "{\"data\":{\"number\":" + number + "}}";
    }
}
