package io.licenserelay.doctor.offline;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.licenserelay.cli.CommandResult;
import io.licenserelay.diagnosis.Rules;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DoctorMessageTest {
    /** The truncated message as the GUI of the SD-WAN Manager shows it. */
    private static final String TRUNCATED =
            "Failed to authenticate Smart Account credentials.: Failed to authenticate user - 'admin'. {\"error\": \"inv";

    /** A folder without configuration and state: the command needs only the message. */
    @TempDir
    Path empty;

    @Test
    void theTruncatedMessageMatchesFourErrorsAndProvesNone() {
        CommandResult result = explain(TRUNCATED);
        assertThat(result.exitCode()).as(result.err()).isZero();
        assertThat(result.err()).isEmpty();
        assertThat(result.out().lines().filter(line -> line.startsWith("  fits  ")))
                .extracting(line -> line.replaceAll("^  fits  (\\w+):.*", "$1"))
                .containsExactly("invalid_client", "invalid_grant", "invalid_request", "invalid_scope");
        assertThat(result.out().replaceAll("\\s+", " "))
                .contains("It proves none of them and no cause")
                .contains("Resource Owner Grant", "license-relay doctor. It tries both grants")
                .containsPattern("invalid_client: [^:]* \\(could be [^)]*LIC3001[^)]*\\)")
                .containsPattern("invalid_grant: [^:]* \\(could be [^)]*LIC3003[^)]*\\)")
                .contains("license-relay explain LIC3001 LIC3002 LIC3003");
        assertThat(result.out()).doesNotContain("proven");
    }

    @Test
    void jsonHasTheSameErrorsAndAnEmptyListOfProvenCauses() throws Exception {
        JsonNode answer =
                new ObjectMapper().readTree(explain(TRUNCATED, "--json").out());
        assertThat(answer.path("cut").asBoolean()).isTrue();
        assertThat(answer.path("word").asText()).isEqualTo("inv");
        assertThat(answer.findValuesAsText("error"))
                .containsExactly("invalid_client", "invalid_grant", "invalid_request", "invalid_scope");
        assertThat(answer.path("proves").isArray()).isTrue();
        assertThat(answer.path("proves")).isEmpty();
        assertThat(answer.path("next")).isNotEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"error\": \"invalid_client\", \"error_description\": \"…\"}",
                "{\\\"error\\\":\\\"invalid_client\\\"}",
                "failed: {&quot;error&quot;: &quot;invalid_client&quot;}"
            })
    void aCompleteErrorMatchesOnlyItselfAndProvesNoCause(String text) {
        CommandResult result = explain(text);
        assertThat(result.exitCode()).isZero();
        assertThat(result.out())
                .contains("contains the whole error: invalid_client", "This alone proves no cause")
                .doesNotContain("invalid_grant:");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"error\": \"u", "{\"error\": \"un…", "{\"error\": \"u..."})
    void anotherTruncatedMessageMatchesOtherErrors(String text) {
        assertThat(explain(text).out().lines().filter(line -> line.startsWith("  fits  ")))
                .extracting(line -> line.replaceAll("^  fits  (\\w+):.*", "$1"))
                .containsExactly("unauthorized_client", "unsupported_grant_type");
    }

    @ParameterizedTest
    @ValueSource(strings = {"Something went wrong", "{\"error\": \"teapot\"}", "{\"error\": \"xyz", ""})
    void aMessageWithoutAKnownErrorIsAnsweredWithAHint(String text) {
        CommandResult result = explain(text);
        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.out()).isEmpty();
        assertThat(result.err()).contains("no error of a token endpoint", "Run license-relay doctor without --message");
    }

    @ParameterizedTest
    @CsvSource({
        "invalid_client,LIC3001",
        "SSM said unauthorized_client,LIC3002",
        "PKIX path building failed: unable to find valid certification path,LIC2001",
        "Connection refused (Connection refused),LIC1003",
        "502 Bad Gateway,LIC4001",
        "java.net.UnknownHostException: ssm.example.net,LIC1001",
        "certificate has expired,LIC2003",
        "403 Forbidden,LIC3006",
        "Failed to authenticate Smart Account credentials,LIC3003",
        "OK_TRY_AGAIN,LIC4009"
    })
    void aKnownMessageIsExplainedByPossibleCausesAndProvesNone(String text, String cause) throws Exception {
        CommandResult result = explain(text);
        assertThat(result.exitCode()).as(result.err()).isZero();
        assertThat(result.out()).contains(cause, "license-relay explain ").doesNotContain("proven");
        JsonNode answer = new ObjectMapper().readTree(explain(text, "--json").out());
        assertThat(answer.path("fits").findValuesAsText("code")).contains(cause);
        assertThat(answer.path("proves")).isEmpty();
        assertThat(answer.path("next")).isNotEmpty();
    }

    @Test
    void everyCauseOfAKnownMessageIsInTheCatalogue() {
        assertThat(KnownMessage.ALL.stream().flatMap(text -> text.codes().stream()))
                .allSatisfy(
                        code -> assertThat(Rules.packed().entry(code)).as(code).isPresent());
    }

    @Test
    void jsonIsAnObjectEvenForAnUnknownMessage() throws Exception {
        CommandResult result = explain("Something went wrong", "--json");
        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.err()).isEmpty();
        assertThat(new ObjectMapper().readTree(result.out()).path("fits")).isEmpty();
    }

    @Test
    void theMessageIsNeverPrintedInFull() {
        CommandResult result = explain("password=hunter2-secret {\"error\": \"inv");
        assertThat(result.out() + result.err()).doesNotContain("hunter2-secret");
    }

    @Test
    void messageAndSiteAreMutuallyExclusive() {
        CommandResult result = explain(TRUNCATED, "--site", "hq");
        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.err()).contains("--message", "--site", "mutually exclusive");
    }

    private CommandResult explain(String text, String... options) {
        List<String> all = new ArrayList<>(List.of("doctor", "--message", text, "--config", empty.toString()));
        all.addAll(List.of(options));
        return CommandResult.of(all.toArray(String[]::new));
    }
}
