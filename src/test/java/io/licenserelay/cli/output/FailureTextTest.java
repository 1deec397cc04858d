package io.licenserelay.cli.output;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.licenserelay.config.site.Place;
import io.licenserelay.diagnosis.Diagnosis;
import io.licenserelay.diagnosis.DiagnosisJson;
import io.licenserelay.diagnosis.Rules;
import io.licenserelay.doctor.DoctorReport;
import io.licenserelay.evidence.Evidence;
import io.licenserelay.evidence.Failure;
import io.licenserelay.evidence.Finding;
import io.licenserelay.evidence.Flow;
import io.licenserelay.evidence.Step;
import io.licenserelay.redact.Redactor;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The texts about further causes, in events and in the output of the doctor. */
class FailureTextTest {
    private final StringWriter out = new StringWriter();

    @Test
    void anExpiringCertificateIsNotACauseOfARejectedClient() throws Exception {
        print("oauth.client-credentials.invalid-client", "configured.client-credentials", "tls.expires-soon");
        assertThat(out.toString().lines())
                .filteredOn(line -> line.startsWith("  or else") || line.startsWith("  and also"))
                .as("in the event and from the doctor")
                .hasSize(2)
                .allMatch(line -> line.contains("(LIC3002, possible)"));
        assertThat(out.toString().lines())
                .filteredOn(line -> line.startsWith("  besides"))
                .hasSize(2)
                .allMatch(line -> line.contains("(LIC2006, proven)"));
    }

    @Test
    void aProvenFurtherCauseIsShownTogetherWithTheFirst() throws Exception {
        print("tls.name-mismatch", "tls.expired");
        assertThat(out.toString()).doesNotContain("or else");
        assertThat(out.toString().lines())
                .filteredOn(line -> line.startsWith("  and also"))
                .hasSize(2)
                .allMatch(line -> line.contains("(LIC2003, proven)"));
    }

    /** Prints a failure as an event, and as the doctor does. */
    private void print(String... findings) throws Exception {
        List<Finding> found =
                Stream.of(findings).map(name -> new Finding(name, name)).toList();
        Failure failure = Failure.of(Place.site("hq"), Flow.PULL, Step.TOKEN, found, null, Instant.EPOCH);
        Diagnosis diagnosis = Rules.packed().diagnose(Evidence.of(failure));
        DiagnosisJson json = new DiagnosisJson("urn:license-relay:");
        PrintWriter writer = new PrintWriter(out);
        JsonNode event = new ObjectMapper()
                .readTree("{\"data\":{\"state\":\"trigger\",\"diagnosis\":" + json.of(diagnosis) + "}}");
        FailureText.print(event, writer);
        new DoctorReport(List.of(), List.of(new DoctorReport.Verdict("hq", diagnosis)), Redactor.of(List.of()), json)
                .print(writer);
        writer.flush();
    }
}
