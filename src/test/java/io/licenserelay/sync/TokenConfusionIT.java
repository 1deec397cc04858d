package io.licenserelay.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.licenserelay.config.site.Grant;
import io.licenserelay.fixture.FailureEvent;
import io.licenserelay.fixture.TempRelay;
import io.licenserelay.simulator.estate.Estate;
import io.licenserelay.simulator.ssm.SsmSimulator;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A complete run with its probes diagnoses every answer of the token endpoint correctly: every status with every kind of body. */
class TokenConfusionIT {
    private static final Map<String, String> BODIES = new LinkedHashMap<>();

    static {
        BODIES.put("OAuth", "{\"error\":\"invalid_client\",\"error_description\":\"no\"}");
        BODIES.put("JSON", "{\"status\":0,\"error\":\"Some words of a framework\"}");
        BODIES.put("HTML", "<html><body>nginx</body></html>");
        BODIES.put("empty", "");
        BODIES.put("cut", "{\"access_token\":\"abcdef");
    }

    /** The number of kinds of body per status. */
    private static final int KINDS = Integer.getInteger("token.bodies", 1);

    @TempDir
    static Path folder;

    private static SsmSimulator ssm;
    private static TempRelay relay;
    private static int eventsRead;

    @BeforeAll
    static void startHealthy() throws Exception {
        Estate estate = Estate.of();
        estate.account("ACME").va("Default").license("DNA Advantage", 5, 5, "In Compliance");
        ssm = SsmSimulator.builder()
                .estate(estate)
                .client("relay", "relay-secret-1", Grant.CLIENT_CREDENTIALS)
                .start();
        // All faults occur at one place. Flap detection is off, so that each fault is a separate incident.
        relay = TempRelay.in(folder).of(ssm).setting("relay.flap.times", "1000").start();
        assertThat(relay.sync().outcome()).isEqualTo("complete");
    }

    @AfterAll
    static void stop() throws IOException {
        relay.close();
        ssm.close();
    }

    static Stream<Arguments> answers() {
        List<Arguments> all = new ArrayList<>();
        int next = 0;
        for (int status : new int[] {200, 400, 401, 403, 404, 405, 422, 429, 500, 502, 503}) {
            List<String> kinds = new ArrayList<>(BODIES.keySet());
            for (int i = 0; i < KINDS; i++) {
                String kind = kinds.get((next + i) % kinds.size());
                all.add(arguments(status, kind, expected(status, kind)));
            }
            next++;
        }
        return all.stream();
    }

    private static String expected(int status, String kind) {
        if (kind.equals("OAuth")) {
            return "LIC3001 possible";
        }
        return switch (status) {
            case 200 ->
                switch (kind) {
                    case "HTML" -> "LIC4005 proven";
                    case "JSON" -> "LIC4007 proven";
                    default -> "LIC4006 proven";
                };
            case 401 -> "LIC3001 possible";
            case 403 -> "LIC3009 proven";
            case 404, 405 -> "LIC3007 likely";
            case 429 -> "LIC4003 proven";
            case 500 -> "LIC4004 proven";
            case 502, 503 -> "LIC4001 proven";
            default -> "LIC9999 possible";
        };
    }

    @Tag("deep")
    @ParameterizedTest(name = "{0} with {1} is {2}")
    @MethodSource("answers")
    void anAnswerIsDiagnosedCorrectly(int status, String kind, String expected) throws Exception {
        ssm.revokeTokens();
        ssm.faults().set("status", "resource", "token", "status", status, "body", String.valueOf(BODIES.get(kind)));
        relay.sync();
        ssm.faults().clear();
        assertThat(relay.sync().outcome()).isEqualTo("complete");

        List<FailureEvent> all = relay.failures();
        List<FailureEvent> events = all.subList(eventsRead, all.size());
        eventsRead = all.size();
        assertThat(events).extracting(FailureEvent::state).containsExactly("trigger", "resolve");
        FailureEvent trigger = events.get(0);
        assertThat(trigger.code() + " " + trigger.confidence())
                .as("%s", trigger)
                .isEqualTo(expected);
        assertThat(trigger.text("/data/step")).isEqualTo("token");
        assertThat(trigger.text("/data/evidence/exchange/status")).isEqualTo(Integer.toString(status));
        // There was no token, so SSM cannot have rejected one. Only an OAuth error shows that the client has the other
        // grant.
        assertThat(trigger.others()).as("%s", trigger).doesNotContain("LIC3005", "LIC3006");
        if (!kind.equals("OAuth")) {
            assertThat(trigger.others()).as("%s", trigger).doesNotContain("LIC3002");
        }
    }
}
