package io.licenserelay.cli.output;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.licenserelay.text.Json;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EventTextTest {

    @ParameterizedTest
    @CsvSource({
        "trigger, critical, ✗",
        "update, error, ✗",
        "trigger, warning, !",
        "update, info, !",
        "resolve, error, ✓"
    })
    void anEventHasTheSignThatIncidentsPrintsForItsSeverity(String state, String severity, String sign) {
        ObjectNode event = Json.object();
        event.put("time", "2026-11-29T13:09:44Z");
        event.putObject("data").put("state", state).put("severity", severity).put("site", "hq");
        StringWriter tail = new StringWriter();
        EventText.print(event, new PrintWriter(tail, true));
        assertThat(tail.toString()).startsWith("2026-11-29T13:09:44Z " + sign + " hq ");
        StringWriter failure = new StringWriter();
        FailureText.print(event, new PrintWriter(failure, true));
        assertThat(failure.toString()).startsWith(sign + " " + state);
    }
}
