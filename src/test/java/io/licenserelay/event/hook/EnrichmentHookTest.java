package io.licenserelay.event.hook;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.licenserelay.text.Json;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.apache.camel.Processor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The result of the route at {@code direct:enrich-incident} is added to the event within limits. An invalid result adds a note. */
@Timeout(60)
class EnrichmentHookTest {
    private static final ObjectNode DATA = Json.object().put("site", "hq").put("node", "ssm.example.net");

    @Test
    void withoutARouteNothingIsCalled() throws Exception {
        try (HookContext context = HookContext.with(null, null)) {
            assertThat(new EnrichmentHook(context.calls()).isProvided()).isFalse();
            assertThat(context.calls().isProvided(Hook.AFTER_SYNC)).isFalse();
        }
    }

    static Stream<Object> objects() {
        String json = "{\"owner\": \"Network\"}";
        return Stream.of(
                json,
                " \n" + json,
                json.getBytes(StandardCharsets.UTF_8),
                Map.of("owner", "Network"),
                Json.object().put("owner", "Network"));
    }

    @ParameterizedTest
    @MethodSource("objects")
    void anObjectIsAddedInEveryForm(Object returned) throws Exception {
        assertThat(enriched(exchange -> exchange.getMessage().setBody(returned)))
                .isEqualTo(new Enrichment(Json.object().put("owner", "Network"), null));
    }

    @Test
    void aStreamIsReadBeforeItIsClosed() throws Exception {
        assertThat(enriched(exchange -> exchange.getMessage()
                                .setBody(new ByteArrayInputStream("{\"a\": 1}".getBytes(StandardCharsets.UTF_8))))
                        .extra())
                .hasToString("{\"a\":1}");
    }

    @Test
    void theRouteReceivesTheDataAsTextAndAsAMap() throws Exception {
        Enrichment enriched = enriched(exchange -> exchange.getMessage()
                .setBody(Map.of(
                        "length", exchange.getMessage().getBody(String.class).length(),
                        "node", exchange.getVariable("data", Map.class).get("node"))));
        assertThat(enriched.extra())
                .isEqualTo(Json.object().put("length", DATA.toString().length()).put("node", "ssm.example.net"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "[1]            | it returned no JSON object",
                "owner: Network | it returned no JSON object",
                "{\"a\":        | it returned no JSON object",
                "7              | it returned no JSON object"
            })
    void aResultThatIsNotAnObjectAddsANote(String returned, String note) throws Exception {
        assertThat(enriched(exchange -> exchange.getMessage().setBody(returned)))
                .isEqualTo(new Enrichment(null, "hook enrich-incident: " + note));
    }

    @Test
    void anEmptyResultAddsNothing() throws Exception {
        assertThat(enriched(exchange -> exchange.getMessage().setBody(null))).isEqualTo(Enrichment.NONE);
        assertThat(enriched(exchange -> exchange.getMessage().setBody("{}"))).isEqualTo(Enrichment.NONE);
    }

    @Test
    void aTooLargeResultAddsANote() throws Exception {
        assertThat(note("{\"a\": \"" + "x".repeat(8192) + "\"}")).endsWith("it returned more than 8192 bytes");
        assertThat(note("{\"a\":".repeat(21) + "1" + "}".repeat(21)))
                .endsWith("it returned JSON that is deeper than 20");
        assertThat(note("{\"a\":".repeat(20) + "1" + "}".repeat(20))).isEmpty();
        assertThat(note("{\"a\":[" + "0,".repeat(3000) + "0]}"))
                .endsWith("it returned JSON with more than 2000 values and names, or too deep");
    }

    @Test
    void anObjectOfAnUnsupportedClassAddsANote() throws Exception {
        assertThat(enriched(exchange -> exchange.getMessage().setBody(new CountDownLatch(1)))
                        .note())
                .isEqualTo("hook enrich-incident: it returned neither JSON text nor a map");
    }

    /** The message of the exception may contain a secret. */
    @Test
    void anExceptionOfTheRouteAddsANoteWithItsClassOnly() throws Exception {
        assertThat(enriched(exchange -> {
                            throw new IOException("https://user:password@cmdb.example.net");
                        })
                        .note())
                .isEqualTo("hook enrich-incident: it failed with IOException");
    }

    @Test
    void aSlowRouteIsInterruptedAfterTwoSeconds() throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        CountDownLatch interrupted = new CountDownLatch(1);
        long begin = System.nanoTime();
        Enrichment enriched = enriched(exchange -> {
            try {
                never.await();
            } catch (InterruptedException e) {
                interrupted.countDown();
                throw e;
            }
        });
        assertThat(Duration.ofNanos(System.nanoTime() - begin))
                .isBetween(Duration.ofSeconds(2), Duration.ofSeconds(10));
        assertThat(enriched).isEqualTo(new Enrichment(null, "hook enrich-incident: it was not ready within 2 s"));
        interrupted.await();
    }

    private static String note(String returned) throws Exception {
        String note =
                enriched(exchange -> exchange.getMessage().setBody(returned)).note();
        return note == null ? "" : note;
    }

    private static Enrichment enriched(Processor route) throws Exception {
        try (HookContext context = HookContext.with(Hook.ENRICH_INCIDENT, route)) {
            EnrichmentHook hook = new EnrichmentHook(context.calls());
            assertThat(hook.isProvided()).isTrue();
            return hook.of(() -> DATA);
        }
    }
}
