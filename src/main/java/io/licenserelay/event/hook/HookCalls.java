package io.licenserelay.event.hook;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import io.licenserelay.text.Json;
import io.licenserelay.threads.CarriedContext;
import io.licenserelay.threads.WorkerThreads;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;
import org.jspecify.annotations.Nullable;

/** Calls the routes that begin at the hooks. Thread-safe. */
public final class HookCalls implements AutoCloseable {
    /** Calls of one hook that run at once: those of as many sites as sync side by side. */
    private static final int MOST = 16;

    private static final TypeReference<Map<String, Object>> MAP = new TypeReference<>() {};

    /**
     * What the routes {@code 90} to {@code 92} get.
     *
     * @param json the body that the operator's route gets
     * @param data of the event, which the operator's route finds as the variable {@code data}
     */
    public record Call(String json, Map<String, Object> data) {}

    private final Map<Hook, ExecutorService> threads = new EnumMap<>(Hook.class);
    private volatile Set<Hook> provided = Set.of();
    private volatile @Nullable ProducerTemplate template;

    public HookCalls() {
        for (Hook hook : Hook.values()) {
            threads.put(hook, WorkerThreads.limited(hook.wireName(), MOST));
        }
    }

    /** The routes are made: from now on the hooks at which a route begins are called. */
    public void use(CamelContext context) {
        Set<String> begun = context.getRoutes().stream()
                .map(route -> Hook.address(route.getEndpoint().getEndpointUri()))
                .collect(Collectors.toSet());
        Set<Hook> found = EnumSet.noneOf(Hook.class);
        Arrays.stream(Hook.values())
                .filter(hook -> begun.contains(hook.endpoint()) && begun.contains(hook.caller()))
                .forEach(found::add);
        template = context.createProducerTemplate();
        provided = found;
    }

    /** Whether a route begins at the hook. */
    public boolean isProvided(Hook hook) {
        return provided.contains(hook);
    }

    /**
     * Calls the hook and waits for it.
     *
     * @param json the body of the message
     * @param data of the event, which the route finds as the variable {@code data}
     * @param most how long to wait; then the route is interrupted
     * @return the body that the route ended with
     * @throws HookFailed when the route throws, or is not ready in time
     * @throws InterruptedException when the relay stops meanwhile
     */
    @Nullable
    Object call(Hook hook, String json, JsonNode data, Duration most) throws HookFailed, InterruptedException {
        Future<@Nullable Object> answer = submit(hook, json, data);
        try {
            return answer.get(Math.max(0, most.toNanos()), TimeUnit.NANOSECONDS);
        } catch (TimeoutException late) {
            throw new HookFailed("it was not ready within " + hook.limit().toSeconds() + " s");
        } catch (ExecutionException broken) {
            throw failed(broken.getCause());
        } finally {
            answer.cancel(true);
        }
    }

    private Future<@Nullable Object> submit(Hook hook, String json, JsonNode data) throws HookFailed {
        ProducerTemplate routes = template;
        ExecutorService executor = threads.get(hook);
        if (routes == null || executor == null) {
            throw new HookFailed("the routes are not started");
        }
        try {
            CarriedContext context = CarriedContext.current();
            return executor.submit(() -> {
                try (CarriedContext.Scope scope = context.enter()) {
                    return request(routes, hook, json, data);
                }
            });
        } catch (RejectedExecutionException stopping) {
            throw new HookFailed("the relay stops", stopping);
        }
    }

    private static @Nullable Object request(ProducerTemplate routes, Hook hook, String json, JsonNode data)
            throws HookFailed {
        Call call = new Call(json, Json.MAPPER.convertValue(data, MAP));
        Exchange exchange =
                routes.request(hook.caller(), toRoute -> toRoute.getMessage().setBody(call));
        if (exchange.getException() != null) {
            throw failed(exchange.getException());
        }
        // The net in 00-errors answers with what a route threw that has no error handler of its own.
        if (exchange.getMessage().getBody() instanceof Throwable handled) {
            throw failed(handled);
        }
        return exchange.getMessage().getBody();
    }

    /** The message of an exception may hold the address or the password of somebody else's server, so only its class is named. */
    private static HookFailed failed(@Nullable Throwable thrown) {
        if (thrown instanceof HookFailed known) {
            return known;
        }
        String kind = thrown == null ? "" : thrown.getClass().getSimpleName();
        return new HookFailed("it failed with " + kind, thrown);
    }

    @Override
    public void close() {
        threads.values().forEach(ExecutorService::shutdownNow);
    }
}
