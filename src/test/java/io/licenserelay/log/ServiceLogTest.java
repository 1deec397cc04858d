package io.licenserelay.log;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.licenserelay.config.site.Place;
import io.licenserelay.redact.Redactor;
import io.licenserelay.text.Json;
import java.io.InputStream;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.impl.ContextDataFactory;
import org.apache.logging.log4j.core.impl.Log4jLogEvent;
import org.apache.logging.log4j.message.SimpleMessage;
import org.apache.logging.log4j.util.StringMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.MDC;

/** Both formats of the log: what a line looks like, and that no secret is in it. */
class ServiceLogTest {
    private static final String SECRET = "correct/horse\"battery+staple";
    private static final Map<String, String> OF_A_RUN = Map.of(
            LogContext.RUN, "1796070443164000",
            LogContext.SITE, "hq",
            LogContext.ACCOUNT, "ACME",
            LogContext.PLACE, "hq/ACME/Default",
            LogContext.TRACE, "0af7651916cd43dd8448eb211c80319c",
            LogContext.CODE, "LIC3001");

    private final Redactor redactor = Redactor.of(List.of(SECRET.toCharArray()));
    private final TextLayout text = new TextLayout(redactor);
    private final JsonLayout json = new JsonLayout(redactor, new LoggingService("license-relay", "node-1", "0.1.0"));

    static Stream<String> encodings() {
        byte[] bytes = SECRET.getBytes(StandardCharsets.UTF_8);
        return Stream.of(
                SECRET,
                URLEncoder.encode(SECRET, StandardCharsets.UTF_8),
                Base64.getEncoder().encodeToString(bytes),
                HexFormat.of().formatHex(bytes),
                SECRET.replace("\"", "\\\""),
                SECRET.replace("\"", "&quot;"));
    }

    @ParameterizedTest
    @MethodSource("encodings")
    void aSecretIsInNoPartOfALineInAnyEncoding(String encoded) throws Exception {
        Exception cause = new IllegalArgumentException("inner " + encoded);
        Exception thrown = new IllegalStateException("outer " + encoded, cause);
        // A stack trace is cut after 30 lines.
        Stream.of(cause, thrown).forEach(each -> each.setStackTrace(Arrays.copyOf(each.getStackTrace(), 3)));
        LogEvent event = event("the server answered: " + encoded, thrown, Map.of(LogContext.PLACE, "hq/" + encoded));
        assertThat(text.toSerializable(event)).doesNotContain(encoded).contains("the server answered: ***");
        String line = json.toSerializable(event);
        assertThat(line).doesNotContain(encoded, Json.write(encoded).replaceAll("^\"|\"$", ""));
        JsonNode read = Json.MAPPER.readTree(line);
        assertThat(read.path("message").asText()).startsWith("the server answered: ***");
        assertThat(read.path("error.message").asText()).startsWith("outer ***");
        assertThat(read.path("error.stack_trace").asText()).contains("outer ***", "inner ***");
        assertThat(read.path("labels.place").asText()).contains("***");
    }

    @Test
    void aTokenThatIsLearnedLaterIsRedactedInTheNextLine() {
        LogEvent event = event("got t0ken-Of-The-Day", null, Map.of());
        assertThat(json.toSerializable(event)).contains("got t0ken-Of-The-Day");
        redactor.learn("t0ken-Of-The-Day".toCharArray());
        assertThat(json.toSerializable(event)).doesNotContain("t0ken-Of-The-Day");
        assertThat(text.toSerializable(event)).doesNotContain("t0ken-Of-The-Day");
    }

    @Test
    void jsonHasTheNamesOfTheElasticCommonSchemaOnOneLine() throws Exception {
        String line = json.toSerializable(event("first\nsecond \u2028 \"third\"", null, OF_A_RUN));
        assertThat(line).endsWith("}\n");
        assertThat(line.strip()).doesNotContain("\n", "\r");
        JsonNode expected = Json.object()
                .put("@timestamp", "2026-11-30T12:00:00.123Z")
                .put("log.level", "WARN")
                .put("message", "first\nsecond \u2028 \"third\"")
                .put("ecs.version", "8.11.0")
                .put("service.name", "license-relay")
                .put("service.node.name", "node-1")
                .put("service.version", "0.1.0")
                .put("event.dataset", "license-relay.log")
                .put("process.thread.name", "worker-1")
                .put("log.logger", "io.licenserelay.sync.run.SyncService")
                .put("labels.run", "1796070443164000")
                .put("labels.site", "hq")
                .put("labels.account", "ACME")
                .put("labels.place", "hq/ACME/Default")
                .put("trace.id", "0af7651916cd43dd8448eb211c80319c")
                .put("event.code", "LIC3001");
        assertThat(Json.MAPPER.readTree(line)).isEqualTo(expected);
    }

    @Test
    void anExceptionIsOneJsonLineWithItsStackTrace() throws Exception {
        Exception thrown = new IllegalStateException("broken\nin two lines");
        String line = json.toSerializable(event("failed", thrown, Map.of()));
        assertThat(line.strip()).doesNotContain("\n");
        JsonNode read = Json.MAPPER.readTree(line);
        assertThat(read.path("error.type").asText()).isEqualTo("java.lang.IllegalStateException");
        assertThat(read.path("error.message").asText()).isEqualTo("broken\nin two lines");
        assertThat(read.path("error.stack_trace").asText()).contains("IllegalStateException: broken", "\tat ");
    }

    @Test
    void textNamesPlaceAndRunInBracketsBeforeTheMessage() {
        assertThat(text.toSerializable(event("sync ended", null, OF_A_RUN)))
                .isEqualTo(
                        "2026-11-30T12:00:00.123Z WARN  SyncService [hq/ACME/Default 1796070443164000] sync ended\n");
        assertThat(text.toSerializable(event("poll failed", null, Map.of(LogContext.PLACE, "hq"))))
                .isEqualTo("2026-11-30T12:00:00.123Z WARN  SyncService [hq] poll failed\n");
        assertThat(text.toSerializable(event("ready", null, Map.of())))
                .isEqualTo("2026-11-30T12:00:00.123Z WARN  SyncService ready\n");
    }

    @Test
    void aNameFromAServerCannotBeginALineOfItsOwn() {
        String line = text.toSerializable(event("x", null, Map.of(LogContext.PLACE, "hq/a\nERROR forged")));
        assertThat(line.strip()).doesNotContain("\n").contains("hq/a\\nERROR forged");
    }

    @Test
    void theTextOfTheServiceHasThePatternOfTheOtherCommands() throws Exception {
        try (InputStream packed = ServiceLog.class.getResourceAsStream("/log4j2.xml")) {
            assertThat(new String(packed.readAllBytes(), StandardCharsets.UTF_8))
                    .contains(TextLayout.PATTERN);
        }
    }

    @Test
    void aScopeRestoresWhatWasSetBefore() {
        try (LogContext.Scope run = LogContext.of(Place.site("hq"), "1", "a")) {
            try (LogContext.Scope account = LogContext.of(Place.site("hq").account("ACME"), "1", "a");
                    LogContext.Scope code = LogContext.ofCauses("LIC3001")) {
                assertThat(MDC.getCopyOfContextMap())
                        .containsExactlyInAnyOrderEntriesOf(Map.of(
                                LogContext.RUN, "1",
                                LogContext.TRACE, "a",
                                LogContext.SITE, "hq",
                                LogContext.ACCOUNT, "ACME",
                                LogContext.PLACE, "hq/ACME",
                                LogContext.CODE, "LIC3001"));
            }
            try (LogContext.Scope other = LogContext.of(Place.site("branch"))) {
                assertThat(MDC.getCopyOfContextMap())
                        .containsExactlyInAnyOrderEntriesOf(
                                Map.of(LogContext.SITE, "branch", LogContext.PLACE, "branch"));
            }
            assertThat(MDC.get(LogContext.PLACE)).isEqualTo("hq");
            assertThat(MDC.get(LogContext.CODE)).isNull();
        }
        assertThat(MDC.getCopyOfContextMap()).isNullOrEmpty();
    }

    private static LogEvent event(String message, @Nullable Throwable thrown, Map<String, String> fields) {
        StringMap context = ContextDataFactory.createContextData();
        fields.forEach(context::putValue);
        return Log4jLogEvent.newBuilder()
                .setLoggerName("io.licenserelay.sync.run.SyncService")
                .setLevel(Level.WARN)
                .setThreadName("worker-1")
                .setMessage(new SimpleMessage(message))
                .setThrown(thrown)
                .setContextData(context)
                .setTimeMillis(Instant.parse("2026-11-30T12:00:00.123Z").toEpochMilli())
                .build();
    }
}
