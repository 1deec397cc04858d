package io.licenserelay.ssm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.licenserelay.config.site.Site;
import io.licenserelay.evidence.HttpExchangeRecord;
import io.licenserelay.evidence.Step;
import io.licenserelay.evidence.TestSite;
import io.licenserelay.http.AnswerMemory;
import io.licenserelay.http.HttpAnswerCheck;
import io.licenserelay.http.failure.BadAnswer;
import io.licenserelay.http.failure.HttpCall;
import io.licenserelay.http.failure.SsmException;
import io.licenserelay.http.failure.TokenUnanswered;
import io.licenserelay.reports.Ack;
import io.licenserelay.reports.PollAnswer;
import io.licenserelay.reports.SubmissionAnswer;
import io.licenserelay.reports.Udi;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.camel.Exchange;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.apache.camel.support.UnitOfWorkHelper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What an answer to usage reports, or a missing answer, means for the reports. */
class ReportAnswersTest {
    private static final Clock CLOCK = Clock.systemUTC();
    private static final String PAGE = "<html><body>Log in</body></html>";

    private final HttpAnswerCheck checks = new HttpAnswerCheck(CLOCK);
    private final ReportAnswers answers = new ReportAnswers();
    private final Site site = TestSite.at("https://ssm.example.net").site();

    @ParameterizedTest
    @CsvSource({"404, application/json, {}", "405, application/json, {}", "200, text/html, " + PAGE, "200, '', " + PAGE
    })
    void aServerWithoutTheReportPathIsReported(int status, String contentType, String body) throws Exception {
        assertThat(answer(reports(), status, contentType, body))
                .isInstanceOfSatisfying(SubmissionAnswer.NoPath.class, answer -> {
                    assertThat(answer.exchange()).isNotNull();
                    assertThat(answer.message()).contains(reports().url());
                });
    }

    @ParameterizedTest
    @CsvSource({"404, application/json, {}", "405, application/json, {}", "200, text/html, " + PAGE})
    void aMissingPathOfAnotherStepIsNotTheReportPath(int status, String contentType, String body) throws Exception {
        assertThat(answer(accounts(), status, contentType, body))
                .isEqualTo(new SubmissionAnswer.Unanswered(false, true, null));
    }

    @Test
    void aRefusalInTheProtocolFormatRejectsTheReports() throws Exception {
        String body = "{\"status\":\"FAILED\",\"message\":\"Signature verification failed\"}";
        assertThat(answer(reports(), 400, "application/json", body))
                .isInstanceOfSatisfying(SubmissionAnswer.Rejected.class, answer -> assertThat(answer.message())
                        .isEqualTo("Signature verification failed"));
    }

    @Test
    void aRefusalInAnotherFormatDoesNotRejectTheReports() throws Exception {
        assertThat(answer(reports(), 403, "application/json", "{}"))
                .isEqualTo(new SubmissionAnswer.Unanswered(false, false, null));
    }

    @ParameterizedTest
    @CsvSource({"429", "500", "503"})
    void anUnavailableServerMayHaveReceivedTheReports(int status) throws Exception {
        assertThat(answer(reports(), status, "application/json", ""))
                .isEqualTo(new SubmissionAnswer.Unanswered(
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
        SubmissionAnswer.Unanswered unanswered = new SubmissionAnswer.Unanswered(maybeSent, true, null);
        assertThat(answers.failed(failure)).isEqualTo(unanswered);
        assertThat(answers.failed(checks.failed(reports(), failure))).isEqualTo(unanswered);
    }

    @Test
    void withoutATokenNothingWasSent() {
        HttpExchangeRecord token = reports().unanswered(CLOCK);
        IOException failure = new TokenUnanswered(token, new SocketTimeoutException("Read timed out"));
        assertThat(answers.failed(checks.failed(reports(), failure)))
                .isEqualTo(new SubmissionAnswer.Unanswered(false, true, null));
    }

    @Test
    void aHugeAnswerIsReadWithoutAJsonTree() throws Exception {
        // Each element would take at least 150 bytes as a tree, so a tree of all elements does not fit in the heap.
        String element = "{\"\":{}},";
        InputStream body = new SequenceInputStream(Collections.enumeration(List.of(
                bytes("{\"usage\":["),
                new Repeated(element, 55 << 20),
                bytes("{}],\"status\":\"OK_POLL\",\"poll_id\":\"7\",\"poll_interval\":\"60\"}"))));
        SubmissionAnswer answer = answers.reported(checks.answer(reports(), 200, "application/json", Map.of(), body));
        assertThat(answer).isInstanceOfSatisfying(SubmissionAnswer.Accepted.class, accepted -> {
            assertThat(accepted.pollId()).isEqualTo("7");
            assertThat(accepted.interval()).isEqualTo(Duration.ofSeconds(60));
        });
    }

    @Test
    void anAnswerThatExceedsTheSizeLimitIsRejected() {
        InputStream body = new SequenceInputStream(bytes("{\"usage\":["), new Repeated("{\"\":{}},", 70L << 20));
        assertThatThrownBy(() -> answers.reported(checks.answer(reports(), 200, "application/json", Map.of(), body)))
                .hasRootCauseInstanceOf(BadAnswer.class)
                .hasRootCauseMessage("the answer is larger than 67108864 bytes");
    }

    @Test
    void tooManyDifferentFieldNamesEndTheReading() {
        StringBuilder body = new StringBuilder("{\"f\":0");
        for (int name = 0; name < 50_000; name++) {
            body.append(",\"name-").append(name).append("\":0");
        }
        assertThatThrownBy(() -> answers.reported(
                        checks.answer(reports(), 200, "application/json", Map.of(), bytes(body + "}"))))
                .rootCause()
                .isInstanceOf(BadAnswer.class)
                .hasMessageContaining("too many different field names");
    }

    @Test
    void acknowledgementsHoldMemoryUntilTheExchangeIsDone() throws Exception {
        long before = AnswerMemory.ofProcess().used();
        Exchange exchange = new DefaultExchange(new DefaultCamelContext());
        String ack = "{\"sudi\":{\"suvi\":{},\"udi_pid\":\"P\",\"udi_serial_number\":\"S\"},\"smart_license\":\"QUJD\","
                + "\"digest\":\"" + "ab".repeat(32) + "\"}";
        PollAnswer answer = answers.polled(
                checks.answer(
                        reports(),
                        200,
                        "application/json",
                        Map.of(),
                        bytes("{\"status\":\"COMPLETE\",\"data\":{\"acknowledgements\":[" + ack + "," + ack + "]}}")),
                exchange);
        assertThat(answer).isInstanceOfSatisfying(PollAnswer.Complete.class, complete -> {
            assertThat(complete.acks()).hasSize(2);
            Ack first = complete.acks().get(0);
            assertThat(first.udi()).isEqualTo(new Udi("P", "S"));
            assertThat(first.bytes()).asString(StandardCharsets.UTF_8).isEqualTo("ABC");
            assertThat(first.digests()).containsExactly("ab".repeat(32));
        });
        assertThat(AnswerMemory.ofProcess().used()).isGreaterThan(before);
        UnitOfWorkHelper.doneSynchronizations(
                exchange, exchange.getExchangeExtension().handoverCompletions());
        assertThat(AnswerMemory.ofProcess().used()).isEqualTo(before);
    }

    private static InputStream bytes(String text) {
        return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Repeats a text up to a length. */
    private static final class Repeated extends InputStream {
        private final byte[] text;
        private long left;

        Repeated(String text, long length) {
            this.text = text.getBytes(StandardCharsets.UTF_8);
            this.left = length / this.text.length * this.text.length;
        }

        @Override
        public int read() {
            return left == 0 ? -1 : text[(int) (text.length - (left-- - 1) % text.length - 1)];
        }
    }

    /** How the relay classifies this answer while it submits reports. */
    private SubmissionAnswer answer(HttpCall call, int status, String contentType, String body) {
        Throwable thrown = catchThrowable(() -> checks.check(checks.answer(
                call, status, contentType, Map.of(), new ByteArrayInputStream(body.getBytes(StandardCharsets.UTF_8)))));
        assertThat(thrown).isInstanceOf(SsmException.class);
        return answers.failed(checks.failed(reports(), thrown));
    }

    private HttpCall reports() {
        return call(Step.REPORT_USAGE, "/report_usage");
    }

    private HttpCall accounts() {
        return call(Step.ACCOUNTS, "/accounts");
    }

    private HttpCall call(Step step, String path) {
        return new HttpCall(site, site.place(), step, "POST", site.ssm().url() + path, null, CLOCK.instant());
    }
}
