package io.licenserelay.sync;

import static org.assertj.core.api.Assertions.assertThat;

import io.licenserelay.config.site.Topic;
import io.licenserelay.fixture.FailureEvent;
import io.licenserelay.fixture.TempRelay;
import io.licenserelay.simulator.ssm.SsmSimulator;
import io.licenserelay.sync.run.ScenarioIT;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** An invalid answer is reported with the position of the error, and nothing of it is stored. ConfusionMatrixIT tests the code of each kind. */
class BadAnswersIT extends ScenarioIT {
    @Test
    void aMissingFieldIsReportedWithItsPositionAndTheStartOfTheAnswer() throws Exception {
        FailureEvent trigger = failureAfter("missing-field", "field", "quantity");
        assertThat(trigger.code()).isEqualTo("LIC4007");
        assertThat(trigger.text("/data/error/message")).isEqualTo("licenses[0].quantity is missing");
        assertThat(trigger.text("/data/evidence/exchange/status")).isEqualTo("200");
        assertThat(trigger.text("/data/evidence/exchange/body")).contains("DNA Advantage");
    }

    @Test
    void aHugeNumberIsReportedWithItsPosition() throws Exception {
        FailureEvent trigger = failureAfter("huge-number");
        assertThat(trigger.code()).isEqualTo("LIC4007");
        assertThat(trigger.text("/data/error/message"))
                .startsWith("licenses[0].quantity is not a whole number of 64 bits");
    }

    @Test
    void anEmptyBodyIsATruncatedAnswer() throws Exception {
        FailureEvent trigger = failureAfter("status", "status", 200, "body", "");
        assertThat(trigger.code()).isEqualTo("LIC4006");
        assertThat(trigger.text("/data/error/message")).isEqualTo("the answer is empty");
    }

    @Test
    void anAnswerWithoutTheListIsNotAnEmptyList() throws Exception {
        FailureEvent trigger = failureAfter("status", "status", 200);
        assertThat(trigger.code()).isEqualTo("LIC4007");
        assertThat(trigger.text("/data/error/message")).isEqualTo("licenses is missing");
    }

    @Test
    void anAnswerAboveTheSizeLimitIsNotRead() throws Exception {
        try (SsmSimulator ssm = simulator().start();
                TempRelay relay = relay(ssm)
                        .ssm("limits", "{ response: 5s, total: 20s, size: 1 KiB }")
                        .start()) {
            relay.sync();
            FailureEvent trigger = only(relay.failures());
            assertThat(trigger.code()).isEqualTo("LIC4007");
            assertThat(trigger.because()).containsExactly("answer.too-large");
        }
    }

    @Test
    void answerHeadersWithKafkaNamesDoNotChangeTheTopic() throws Exception {
        try (SsmSimulator ssm = simulator().start();
                TempRelay relay = relay(ssm).start()) {
            ssm.faults().set("extra-header");
            assertThat(relay.sync().outcome()).isEqualTo("complete");
            assertThat(relay.events(Topic.LICENSES)).hasSize(2);
        }
    }

    private FailureEvent failureAfter(String fault, Object... parameters) throws Exception {
        try (SsmSimulator ssm = simulator().start();
                TempRelay relay = relay(ssm).start()) {
            relay.sync();
            List<String> before = relay.inventory();
            assertThat(before)
                    .containsExactly(
                            "ACME/Default DNA Advantage PREPAID 10 4 In Compliance",
                            "ACME/Default DNA Essentials PREPAID 5 1 In Compliance");
            ssm.faults().set(fault, with(parameters, "resource", "licenses"));
            assertThat(relay.sync().outcome()).isEqualTo("failed");
            assertThat(relay.inventory()).isEqualTo(before);
            return only(relay.failures());
        }
    }

    private static Object[] with(Object[] parameters, Object key, Object value) {
        Object[] extended = Arrays.copyOf(parameters, parameters.length + 2);
        extended[parameters.length] = key;
        extended[parameters.length + 1] = value;
        return extended;
    }
}
