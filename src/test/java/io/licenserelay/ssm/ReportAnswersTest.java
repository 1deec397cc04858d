package io.licenserelay.ssm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.licenserelay.usage.Answer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.util.stream.Stream;
import org.apache.camel.Exchange;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What an answer to usage reports, or its absence, says of the reports. */
class ReportAnswersTest {
    private static final Asked REPORTS = new Asked("POST", "https://ssm.example.net/report_usage", Instant.EPOCH);
    private static final Asked ACCOUNTS = new Asked("GET", "https://ssm.example.net/accounts", Instant.EPOCH);
    private static final String PAGE = "<html><body>Log in</body></html>";

    private final SsmAnswers answers = new SsmAnswers(Clock.systemUTC());
    private final ReportAnswers reports = new ReportAnswers();

    @ParameterizedTest
    @CsvSource({"404, application/json, {}", "405, application/json, {}", "200, text/html, " + PAGE, "200, '', " + PAGE
    })
    void aServerWithoutThePathIsNamed(int status, String contentType, String body) throws Exception {
        assertThat(answer(REPORTS, status, contentType, body)).isInstanceOfSatisfying(Answer.NoPath.class, answer -> {
            assertThat(answer.exchange()).isNotNull();
            assertThat(answer.message()).contains(REPORTS.url());
        });
    }

    @ParameterizedTest
    @CsvSource({"404, application/json, {}", "405, application/json, {}", "200, text/html, " + PAGE})
    void whatTheServerLacksElsewhereIsNotThePathOfReports(int status, String contentType, String body)
            throws Exception {
        assertThat(answer(ACCOUNTS, status, contentType, body)).isEqualTo(new Answer.Unanswered(false, true, null));
    }

    @Test
    void aRefusalInTheWordsOfTheProtocolRejectsTheReports() throws Exception {
        String body = "{\"status\":\"FAILED\",\"message\":\"Signature verification failed\"}";
        assertThat(answer(REPORTS, 400, "application/json", body))
                .isInstanceOfSatisfying(Answer.Rejected.class, answer -> assertThat(answer.message())
                        .isEqualTo("Signature verification failed"));
    }

    @Test
    void aRefusalWithoutTheWordsOfTheProtocolSaysNothingOfTheReports() throws Exception {
        assertThat(answer(REPORTS, 403, "application/json", "{}")).isEqualTo(new Answer.Unanswered(false, false, null));
    }

    @ParameterizedTest
    @CsvSource({"429", "500", "503"})
    void aServerThatIsUnavailableMayHaveTheReports(int status) throws Exception {
        assertThat(answer(REPORTS, status, "application/json", ""))
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
        assertThat(reports.failed(failed(failure), REPORTS)).isEqualTo(new Answer.Unanswered(maybeSent, true, null));
    }

    /** What the pipeline makes of this answer to the request, while it sends reports. */
    private Answer answer(Asked asked, int status, String contentType, String body) throws Exception {
        Exchange exchange = exchange();
        exchange.getMessage().setHeader(Exchange.HTTP_RESPONSE_CODE, status);
        exchange.getMessage().setHeader(Exchange.CONTENT_TYPE, contentType);
        exchange.getMessage().setBody(new ByteArrayInputStream(body.getBytes(StandardCharsets.UTF_8)));
        Throwable thrown = catchThrowable(() -> {
            answers.look(exchange, asked);
            answers.check(exchange);
        });
        assertThat(thrown).isInstanceOf(SsmException.class);
        return reports.failed(failed(thrown), REPORTS);
    }

    private static Exchange failed(Throwable thrown) {
        Exchange exchange = exchange();
        exchange.setProperty(Exchange.EXCEPTION_CAUGHT, thrown);
        return exchange;
    }

    private static Exchange exchange() {
        return new DefaultExchange(new DefaultCamelContext());
    }
}
