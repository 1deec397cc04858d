package io.licenserelay.event.hook;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.licenserelay.text.Json;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The route at {@code direct:after-sync} runs after the result of a run is committed. It cannot fail the run, or delay it for long. */
@Timeout(60)
class AfterSyncHookTest {
    private static final List<ObjectNode> COMPLETED =
            List.of(Json.object().put("account", "ACME"), Json.object().put("account", "Other"));

    private final List<String> received = new CopyOnWriteArrayList<>();

    @Test
    void theRouteGetsTheDataOfEachAccount() throws Exception {
        try (HookContext context = HookContext.with(
                Hook.AFTER_SYNC,
                exchange -> received.add(exchange.getMessage().getBody(String.class)
                        + exchange.getVariable("data", Map.class).get("account")))) {
            new AfterSyncHook(context.calls()).call(COMPLETED);
        }
        assertThat(received).containsExactly("{\"account\":\"ACME\"}ACME", "{\"account\":\"Other\"}Other");
    }

    @Test
    void aFailureForOneAccountDoesNotAffectOtherAccounts() throws Exception {
        try (HookContext context = HookContext.with(Hook.AFTER_SYNC, exchange -> {
            received.add(exchange.getMessage().getBody(String.class));
            throw new IllegalStateException("broken");
        })) {
            new AfterSyncHook(context.calls()).call(COMPLETED);
        }
        assertThat(received).hasSize(2);
    }

    @Test
    void theHookTakesAtMostTwoSecondsForAllAccountsTogether() throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        long begin = System.nanoTime();
        try (HookContext context = HookContext.with(Hook.AFTER_SYNC, exchange -> never.await())) {
            new AfterSyncHook(context.calls()).call(COMPLETED);
        }
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isBetween(Duration.ofSeconds(2), Duration.ofSeconds(4));
    }
}
