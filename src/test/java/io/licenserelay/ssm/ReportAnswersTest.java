package io.licenserelay.ssm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.licenserelay.evidence.Exchanged;
import io.licenserelay.evidence.Step;
import io.licenserelay.evidence.TestSite;
import io.licenserelay.site.Site;
import io.licenserelay.usage.Answer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What an answer to usage reports, or its absence, says of the reports. */
class ReportAnswersTest {
    private static final Clock CLOCK = Clock.systemUTC();
    private static final String PAGE = "<html><body>Log in</body></html>";

    private final SsmAnswers checks = new SsmAnswers(CLOCK);
    private final ReportAnswers answers = new ReportAnswers();
    private final Site site = TestSite.at("https://ssm.example.net").site();

    @ParameterizedTest
    @CsvSource({"404, application/json, {}", "405, application/json, {}", "200, text/html, " + PAGE, "200, '', " + PAGE
    })
    void aServerWithoutThePathIsNamed(int status, String contentType, String body) throws Exception {
        assertThat(answer(reports(), status, contentType, body)).isInstanceOfSatisfying(Answer.NoPath.class, answer -> {
            assertThat(answer.exchange()).isNotNull();
            assertThat(answer.message()).contains(reports().url());
        });
    }

    @ParameterizedTest
    @CsvSource({"404, application/json, {}", "405, application/json, {}", "200, text/html, " + PAGE})
    void whatTheServerLacksElsewhereIsNotThePathOfReports(int status, String contentType, String body)
            throws Exception {
        assertThat(answer(accounts(), status, contentType, body)).isEqualTo(new Answer.Unanswered(false, true, null));
    }

    @Test
    void aRefusalInTheWordsOfTheProtocolRejectsTheReports() throws Exception {
        String body = "{\"status\":\"FAILED\",\"message\":\"Signature verification failed\"}";
        assertThat(answer(reports(), 400, "application/json", body))
                .isInstanceOfSatisfying(Answer.Rejected.class, answer -> assertThat(answer.message())
                        .isEqualTo("Signature verification failed"));
    }

    @Test
    void aRefusalWithoutTheWordsOfTheProtocolSaysNothingOfTheReports() throws Exception {
        assertThat(answer(reports(), 403, "application/json", "{}"))
                .isEqualTo(new Answer.Unanswered(false, false, null));
    }

    @ParameterizedTest
    @CsvSource({"429", "500", "503"})
    void aServerThatIsUnavailableMayHaveTheReports(int status) throws Exception {
        assertThat(answer(reports(), status, "application/json", ""))
                .isEqualTo(new Answer.Unanswered(
                        true, true, "POST https://ssm.example.net/report_usage answered " + status));
    }

    static Stream<Arguments> failures() {
        return Stream.of(
                arguments(new ConnectException("Connection refused"), false),
                arguments(new SocketTimeoutException("Read timed out"), true));
    }

    @ParameterizedTest
    @MethodSource("failures")
    void withoutAConnectionNothingWasSent(IOException failure, boolean maybeSent) {
        Answer.Unanswered unanswered = new Answer.Unanswered(maybeSent, true, null);
        assertThat(answers.failed(failure)).isEqualTo(unanswered);
        assertThat(answers.failed(checks.failed(reports(), failure))).isEqualTo(unanswered);
    }

    @Test
    void withoutATokenNothingWasSent() {
        Exchanged token = reports().unanswered(CLOCK);
        IOException failure = new TokenUnanswered(token, new SocketTimeoutException("Read timed out"));
        assertThat(answers.failed(checks.failed(reports(), failure)))
                .isEqualTo(new Answer.Unanswered(false, true, null));
    }

    /** What the pipeline makes of this answer to the request, while it sends reports. */
    private Answer answer(SsmCall call, int status, String contentType, String body) {
        Throwable thrown = catchThrowable(() -> checks.check(checks.answer(
                call, status, contentType, Map.of(), new ByteArrayInputStream(body.getBytes(StandardCharsets.UTF_8)))));
        assertThat(thrown).isInstanceOf(SsmException.class);
        return answers.failed(checks.failed(reports(), thrown));
    }

    private SsmCall reports() {
        return call(Step.REPORT_USAGE, "/report_usage");
    }

    private SsmCall accounts() {
        return call(Step.ACCOUNTS, "/accounts");
    }

    private SsmCall call(Step step, String path) {
        return new SsmCall(site, site.place(), step, "POST", path, null, CLOCK.instant());
    }
}
