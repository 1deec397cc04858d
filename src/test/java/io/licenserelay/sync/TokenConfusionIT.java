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

/** Whatever the token endpoint answers is named as what it is, by a whole run with its probes: every status with every kind of body. */
class TokenConfusionIT {
    private static final Map<String, String> BODIES = new LinkedHashMap<>();

    static {
        BODIES.put("OAuth", "{\"error\":\"invalid_client\",\"error_description\":\"no\"}");
        BODIES.put("JSON", "{\"status\":0,\"error\":\"Some words of a framework\"}");
        BODIES.put("HTML", "<html><body>nginx</body></html>");
        BODIES.put("empty", "");
        BODIES.put("cut", "{\"access_token\":\"abcdef");
    }

    /** How many kinds of body each status is tried with. */
    private static final int KINDS = Integer.getInteger("token.bodies", 1);

    @TempDir
    static Path folder;

    private static SsmSimulator ssm;
    private static TempRelay relay;
    private static int told;

    @BeforeAll
    static void startWell() throws Exception {
        Estate estate = Estate.of();
        estate.account("ACME").va("Default").license("DNA Advantage", 5, 5, "In Compliance");
        ssm = SsmSimulator.builder()
                .estate(estate)
                .client("relay", "relay-secret-1", Grant.CLIENT_CREDENTIALS)
                .start();
        // One place meets every answer here: to be told each as an incident of its own it must not flap.
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
        int first = 0;
        for (int status : new int[] {200, 400, 401, 403, 404, 405, 422, 429, 500, 502, 503}) {
            List<String> kinds = new ArrayList<>(BODIES.keySet());
            for (int i = 0; i < KINDS; i++) {
                String kind = kinds.get((first + i) % kinds.size());
                all.add(arguments(status, kind, expected(status, kind)));
            }
            first++;
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
    void anAnswerIsNamedAsWhatItIs(int status, String kind, String expected) throws Exception {
        ssm.revokeTokens();
        ssm.faults().set("status", "resource", "token", "status", status, "body", String.valueOf(BODIES.get(kind)));
        relay.sync();
        ssm.faults().clear();
        assertThat(relay.sync().outcome()).isEqualTo("complete");

        List<FailureEvent> all = relay.failures();
        List<FailureEvent> events = all.subList(told, all.size());
        told = all.size();
        assertThat(events).extracting(FailureEvent::state).containsExactly("trigger", "resolve");
        FailureEvent trigger = events.get(0);
        assertThat(trigger.code() + " " + trigger.confidence())
                .as("%s", trigger)
                .isEqualTo(expected);
        assertThat(trigger.text("/data/step")).isEqualTo("token");
        assertThat(trigger.text("/data/evidence/exchange/status")).isEqualTo(Integer.toString(status));
        // No token ever was, so none was refused; that the client is registered for the other grant needs an OAuth
        // error.
        assertThat(trigger.others()).as("%s", trigger).doesNotContain("LIC3005", "LIC3006");
        if (!kind.equals("OAuth")) {
            assertThat(trigger.others()).as("%s", trigger).doesNotContain("LIC3002");
        }
    }
}
