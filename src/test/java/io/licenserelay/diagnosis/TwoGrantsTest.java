package io.licenserelay.diagnosis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.licenserelay.diagnosis.Diagnosis.Confidence;
import io.licenserelay.evidence.Findings;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The results of one API client with both grants. A dash is a grant that was not tried. */
class TwoGrantsTest {
    private static final Rules RULES = Rules.packed();

    @ParameterizedTest
    @CsvSource({
        "accepted,            unauthorized_client, password,           LIC3002, PROVEN",
        "accepted,            invalid_client,      password,           LIC3002, PROVEN",
        "accepted,            invalid_grant,       password,           LIC3003, LIKELY",
        "unauthorized_client, invalid_grant,       password,           LIC3003, PROVEN",
        "unauthorized_client, accepted,            password,           LIC9999, POSSIBLE",
        "unauthorized_client, accepted,            client_credentials, LIC3002, PROVEN",
        "invalid_client,      accepted,            client_credentials, LIC3002, PROVEN",
        "invalid_grant,       accepted,            client_credentials, LIC3002, PROVEN",
        "invalid_client,      invalid_client,      password,           LIC3001, PROVEN",
        "invalid_client,      invalid_client,      client_credentials, LIC3001, PROVEN",
        "unauthorized_client, -,                   client_credentials, LIC3002, LIKELY",
        "-,                   unauthorized_client, password,           LIC3002, LIKELY",
        "-,                   invalid_client,      password,           LIC3001, POSSIBLE",
        "invalid_client,      -,                   client_credentials, LIC3001, POSSIBLE",
        "-,                   invalid_grant,       password,           LIC3003, LIKELY",
        "invalid_client,      invalid_grant,       password,           LIC3003, LIKELY",
        "unauthorized_client, unauthorized_client, password,           LIC3002, POSSIBLE",
    })
    void bothResultsDetermineTheCause(
            String credentials, String password, String configured, String code, Confidence confidence) {
        Diagnosis diagnosis = diagnose(credentials, password, configured);
        assertThat(diagnosis.code()).isEqualTo(code);
        assertThat(diagnosis.confidence()).isEqualTo(confidence);
    }

    @ParameterizedTest
    @CsvSource({
        "accepted,            unauthorized_client, -, LIC3002, PROVEN",
        "accepted,            invalid_client,      -, LIC3002, PROVEN",
        "accepted,            invalid_grant,       -, LIC3003, LIKELY",
        "unauthorized_client, invalid_grant,       -, LIC3003, PROVEN",
        "invalid_client,      invalid_client,      -, LIC3001, PROVEN",
        "-,                   invalid_client,      -, LIC3001, POSSIBLE",
    })
    void theSameAppliesToTheManagersClientWithoutASite(
            String credentials, String password, String configured, String code, Confidence confidence) {
        bothResultsDetermineTheCause(credentials, password, configured, code, confidence);
    }

    @Test
    void aForbiddenAnswerDespiteTokensOfBothGrantsIsAMissingPermission() {
        Diagnosis diagnosis = RULES.diagnose(Given.answered(
                "configured.password",
                "oauth.password.accepted",
                "oauth.client-credentials.accepted",
                "http.forbidden"));
        assertThat(diagnosis.code()).isEqualTo("LIC3006");
        assertThat(diagnosis.confidence()).isEqualTo(Confidence.PROVEN);
        assertThat(diagnosis.ruledOut()).extracting(Diagnosis.RuledOut::code).contains("LIC3001", "LIC3002", "LIC3003");
    }

    @Test
    void anInvalidGrantWithWorkingClientCredentialsGivesBothRemedies() {
        Diagnosis diagnosis = diagnose("accepted", "invalid_grant", "password");
        assertThat(diagnosis.others()).singleElement().satisfies(other -> {
            assertThat(other.code()).isEqualTo("LIC3002");
            assertThat(other.confidence()).isEqualTo(Confidence.LIKELY);
            assertThat(other.remedy()).isNotEmpty().isNotEqualTo(diagnosis.remedy());
        });
    }

    @ParameterizedTest
    @CsvSource({"-, invalid_client, password", "invalid_client, -, client_credentials"})
    void anInvalidClientWithOnlyOneGrantTriedLeavesTheOtherGrantPossible(
            String credentials, String password, String configured) {
        assertThat(diagnose(credentials, password, configured).others())
                .extracting(Diagnosis.Other::code, Diagnosis.Other::confidence)
                .containsExactly(tuple("LIC3002", Confidence.POSSIBLE));
    }

    @Test
    void anInvalidClientWithBothGrantsLeavesNoOtherCause() {
        assertThat(diagnose("invalid_client", "invalid_client", "password").others())
                .isEmpty();
    }

    @Test
    void aPasswordWithheldAfterItsRejectionIsStillTheCause() {
        Diagnosis withoutOtherGrant = RULES.diagnose(
                Given.answered("configured.password", "oauth.password.invalid-grant", "oauth.password.withheld"));
        assertThat(withoutOtherGrant.code()).isEqualTo("LIC3003");
        Diagnosis withGoodClient = RULES.diagnose(Given.answered(
                "configured.password",
                "oauth.password.invalid-grant",
                "oauth.password.withheld",
                "oauth.client-credentials.accepted"));
        assertThat(withGoodClient.code()).isEqualTo("LIC3003");
        assertThat(withGoodClient.others()).extracting(Diagnosis.Other::code).containsExactly("LIC3002");
    }

    @Test
    void aPasswordWithheldBecauseTheClientWasRejectedIsNotACause() {
        Diagnosis diagnosis = RULES.diagnose(Given.answered(
                "configured.password",
                "oauth.password.invalid-client",
                "oauth.password.withheld",
                "oauth.client-credentials.accepted"));
        assertThat(diagnosis.code()).isEqualTo("LIC3002");
        assertThat(diagnosis.others()).extracting(Diagnosis.Other::code).doesNotContain("LIC3003");
    }

    @Test
    void anEarlierSuccessWithThePasswordGrantRulesOutTheWrongGrant() {
        Diagnosis diagnosis = RULES.diagnose(Given.answered(
                "configured.password",
                "oauth.client-credentials.accepted",
                "oauth.password.invalid-grant",
                "oauth.password.worked-before"));
        assertThat(diagnosis.code()).isEqualTo("LIC3003");
        assertThat(diagnosis.confidence()).isEqualTo(Confidence.LIKELY);
        assertThat(diagnosis.others()).isEmpty();
        assertThat(diagnosis.ruledOut()).contains(new Diagnosis.RuledOut("LIC3002", "oauth.password.worked-before"));
    }

    @ParameterizedTest
    @CsvSource({"unauthorized_client", "invalid_client"})
    void theCurrentAnswerAboutTheClientOutweighsAnEarlierSuccess(String error) {
        Diagnosis diagnosis = RULES.diagnose(Given.answered(
                "configured.password",
                "oauth.client-credentials.accepted",
                Findings.refused("password", error),
                "oauth.password.worked-before"));
        assertThat(diagnosis.code()).isEqualTo("LIC3002");
        assertThat(diagnosis.confidence()).isEqualTo(Confidence.PROVEN);
    }

    @Test
    void anEarlierSuccessAloneDoesNotIndicateAWrongPassword() {
        Diagnosis diagnosis = RULES.diagnose(Given.answered(
                "configured.password",
                "oauth.client-credentials.accepted",
                "oauth.password.worked-before",
                "http.server-error"));
        assertThat(diagnosis.code()).isEqualTo("LIC4004");
        assertThat(diagnosis.others()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"accepted", "withheld", "worked_before"})
    void anUnknownErrorCodeIsNeverMistakenForAnotherFinding(String word) {
        assertThat(Findings.refused("password", word)).isEqualTo("oauth.password.other-error");
    }

    @Test
    void aWrongPasswordIsRuledOutForASiteThatSendsNone() {
        Diagnosis diagnosis = diagnose("unauthorized_client", "-", "client_credentials");
        assertThat(diagnosis.ruledOut()).contains(new Diagnosis.RuledOut("LIC3003", "configured.client-credentials"));
    }

    @Test
    void aTruncatedErrorProvesNothing() {
        Diagnosis diagnosis = RULES.diagnose(
                Given.answered("configured.password", Findings.refused("password", "inv"), "log.not-covering"));
        assertThat(diagnosis.code()).isEqualTo("LIC9999");
        assertThat(diagnosis.others()).isEmpty();
        assertThat(diagnosis.because()).isEmpty();
    }

    @Test
    void aTruncatedErrorWithAWorkingClientIsPossiblyTheGrantOrThePassword() {
        Diagnosis diagnosis = RULES.diagnose(
                Given.answered(Findings.refused("password", "inv"), "oauth.client-credentials.accepted"));
        assertThat(diagnosis.code()).isEqualTo("LIC3002");
        assertThat(diagnosis.confidence()).isEqualTo(Confidence.POSSIBLE);
        assertThat(diagnosis.others()).extracting(Diagnosis.Other::code).containsExactly("LIC3003");
    }

    @Test
    void aWrongGrantListsTheCausesThatAreRuledOut() {
        Diagnosis diagnosis = diagnose("accepted", "unauthorized_client", "password");
        assertThat(diagnosis.because())
                .containsExactly("oauth.client-credentials.accepted", "oauth.password.unauthorized-client");
        assertThat(diagnosis.ruledOut())
                .contains(
                        new Diagnosis.RuledOut("LIC1001", "dns.resolved"),
                        new Diagnosis.RuledOut("LIC1003", "tcp.connected"),
                        new Diagnosis.RuledOut("LIC2001", "tls.trusted"),
                        new Diagnosis.RuledOut("LIC3001", "oauth.client-credentials.accepted"),
                        new Diagnosis.RuledOut("LIC6001", "clock.well"));
    }

    private static Diagnosis diagnose(String credentials, String password, String configured) {
        List<String> findings = new ArrayList<>();
        add(findings, "client_credentials", credentials);
        add(findings, "password", password);
        if (!configured.equals("-")) {
            findings.add("configured." + configured.replace('_', '-'));
        }
        return RULES.diagnose(Given.answered(findings.toArray(String[]::new)));
    }

    private static void add(List<String> findings, String grant, String outcome) {
        if (outcome.equals("accepted")) {
            findings.add(Findings.accepted(grant));
        } else if (!outcome.equals("-")) {
            findings.add(Findings.refused(grant, outcome));
        }
    }
}
