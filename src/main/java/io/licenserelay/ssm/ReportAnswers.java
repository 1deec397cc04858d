package io.licenserelay.ssm;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.io.NumberInput;
import com.fasterxml.jackson.databind.JsonNode;
import io.github.resilience4j.circuitbreaker.CallNotPermittedException;
import io.licenserelay.evidence.Findings;
import io.licenserelay.evidence.HttpExchangeRecord;
import io.licenserelay.http.AnswerMemory;
import io.licenserelay.http.HttpAnswer;
import io.licenserelay.http.failure.BadAnswer;
import io.licenserelay.http.failure.CallFailed;
import io.licenserelay.http.failure.FailureClassifier;
import io.licenserelay.http.failure.RunLimitPassed;
import io.licenserelay.http.failure.SsmException;
import io.licenserelay.http.failure.SsmRefused;
import io.licenserelay.http.failure.TokenUnanswered;
import io.licenserelay.reports.Ack;
import io.licenserelay.reports.PollAnswer;
import io.licenserelay.reports.SubmissionAnswer;
import io.licenserelay.ssm.json.ProtocolAnswer;
import io.licenserelay.text.Json;
import io.licenserelay.text.ShortText;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.UnknownHostException;
import java.security.cert.CertificateException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import javax.net.ssl.SSLHandshakeException;
import org.apache.camel.Body;
import org.apache.camel.Exchange;
import org.apache.camel.support.SynchronizationAdapter;
import org.apache.camel.util.ObjectHelper;
import org.apache.hc.client5.http.ConnectTimeoutException;
import org.jspecify.annotations.Nullable;

/** Reads what SSM says to reports and polls, by the words of the cloud's public samples. */
public final class ReportAnswers {
    private static final long USUAL_SECONDS = 300;
    private static final int LONGEST_MESSAGE = 500;
    private static final long MOST_SECONDS = 86_400;

    /** With which of these a server says that it does not know what a poll asks for is not published. */
    private static final Set<Integer> NOT_KNOWN = Set.of(400, 404, 405, 409, 410, 422);

    /**
     * What SSM says to reports.
     *
     * @throws CallFailed when the answer says neither yes nor no: then the server may have the reports
     */
    public SubmissionAnswer reported(@Body HttpAnswer answer) throws CallFailed {
        return answer.read(ReportAnswers::reported);
    }

    private static SubmissionAnswer reported(InputStream body) throws IOException {
        ProtocolAnswer answer = ProtocolAnswer.read(body, each -> {});
        String status = answer.text("status");
        return switch (status) {
            case "OK_POLL" -> {
                String pollId = answer.text("poll_id");
                yield new SubmissionAnswer.Accepted(
                        pollId.isEmpty() || pollId.equals("null") ? null : pollId,
                        interval(answer),
                        answer.answerText());
            }
            case "FAILED" -> new SubmissionAnswer.Rejected(message(answer), null);
            default ->
                throw BadAnswer.shape(
                        "status", "is " + ShortText.oneLine(status, LONGEST_MESSAGE) + " instead of OK_POLL or FAILED");
        };
    }

    /**
     * What the failure of sending reports lets us say of them.
     *
     * @param failure anything but a failed request leaves open whether the server has the reports
     */
    public SubmissionAnswer failed(Exception failure) {
        Throwable thrown = FailureClassifier.telling(failure);
        CallFailed call = ObjectHelper.getException(CallFailed.class, failure);
        HttpExchangeRecord exchange = thrown instanceof SsmException ssmFailure ? ssmFailure.exchange() : null;
        boolean ofReports = exchange != null
                && call != null
                && exchange.url().equals(call.call().url());
        if (ofReports && isNoPath((SsmException) thrown)) {
            return new SubmissionAnswer.NoPath(String.valueOf(thrown.getMessage()), exchange);
        }
        if (thrown instanceof SsmRefused) {
            String refusal = ofReports ? refusal(exchange) : null;
            return refusal == null
                    ? new SubmissionAnswer.Unanswered(false, !ofReports, null)
                    : new SubmissionAnswer.Rejected(refusal, exchange);
        }
        boolean elsewhere =
                (exchange != null && !ofReports) || ObjectHelper.getException(TokenUnanswered.class, failure) != null;
        String answered = thrown instanceof SsmException ssmFailure && !elsewhere ? ssmFailure.getMessage() : null;
        return new SubmissionAnswer.Unanswered(!elsewhere && !isUnsent(thrown), true, answered);
    }

    /**
     * What SSM says to a poll. The acknowledgements count as held until the exchange is done with.
     *
     * @throws CallFailed when the answer cannot be understood
     */
    public PollAnswer polled(@Body HttpAnswer answer, Exchange exchange) throws CallFailed {
        AnswerMemory.Lease lease =
                AnswerMemory.ofProcess().lease(answer.call().site().name());
        exchange.getExchangeExtension().addOnCompletion(new SynchronizationAdapter() {
            @Override
            public void onDone(Exchange done) {
                lease.close();
            }
        });
        return answer.read(body -> polled(body, lease));
    }

    /** What the failure of a poll says of the submission that it asked for; a request that was refused is an answer to it. */
    public PollAnswer pollFailed(Exception failure) {
        Throwable thrown = FailureClassifier.telling(failure);
        CallFailed call = ObjectHelper.getException(CallFailed.class, failure);
        HttpExchangeRecord exchange = thrown instanceof SsmException ssmFailure ? ssmFailure.exchange() : null;
        boolean refused = exchange != null
                && call != null
                && exchange.url().equals(call.call().url())
                && exchange.status() != null
                && NOT_KNOWN.contains(exchange.status());
        return refused ? new PollAnswer.Refused(String.valueOf(thrown.getMessage())) : new PollAnswer.Unanswered();
    }

    private static PollAnswer polled(InputStream body, AnswerMemory.Lease lease) throws IOException {
        List<Ack> acks = new ArrayList<>();
        ProtocolAnswer answer = ProtocolAnswer.read(body, given -> {
            lease.grow(500 + 2L * given.base64().length());
            acks.add(ack("data.acknowledgements[" + acks.size() + "]", given));
        });
        String status = answer.text("status");
        return switch (status) {
            case "COMPLETE" -> new PollAnswer.Complete(acks, answer.answerText());
            case "OK_POLL" ->
                answer.text("message").isBlank() ? new PollAnswer.NotYet() : new PollAnswer.Refused(message(answer));
            case "FAILED" -> new PollAnswer.Refused(message(answer));
            default ->
                throw BadAnswer.shape(
                        "status",
                        "is " + ShortText.oneLine(status, LONGEST_MESSAGE) + " instead of COMPLETE or OK_POLL");
        };
    }

    private static Ack ack(String place, ProtocolAnswer.GivenAck given) throws BadAnswer {
        try {
            Ack ack = Ack.of(given.udi(), given.base64(), given.around());
            if (ack.bytes().length == 0) {
                throw BadAnswer.shape(place + ".smart_license", "is missing");
            }
            return ack;
        } catch (IllegalArgumentException e) {
            throw BadAnswer.shape(place + ".smart_license", "is no base64");
        }
    }

    private static Duration interval(ProtocolAnswer answer) {
        long seconds = NumberInput.parseAsLong(answer.text("poll_interval"), USUAL_SECONDS);
        return Duration.ofSeconds(Math.max(1, Math.min(MOST_SECONDS, seconds)));
    }

    private static String message(ProtocolAnswer answer) {
        return message(answer.text("message_code"), answer.text("message"));
    }

    private static String message(String code, String message) {
        String both = code.isEmpty() || code.equals("null") ? message : message + " (" + code + ")";
        return ShortText.oneLine(both.isBlank() ? "FAILED, without a message" : both, LONGEST_MESSAGE);
    }

    private static boolean isNoPath(SsmException ssmFailure) {
        return ssmFailure.errorType().equals("http.404")
                || ssmFailure.errorType().equals("http.405")
                || ssmFailure.errorType().equals(Findings.ANSWER_HTML);
    }

    /** A refusal in the protocol's own words, whatever its status is: which one goes with it is not published. */
    private static @Nullable String refusal(@Nullable HttpExchangeRecord exchange) {
        if (exchange == null || exchange.body() == null || exchange.status() == null || exchange.status() == 401) {
            return null;
        }
        try {
            JsonNode body = Json.MAPPER.readTree(exchange.body());
            return body.path("status").asText().equals("FAILED")
                    ? message(
                            body.path("message_code").asText(""),
                            body.path("message").asText(""))
                    : null;
        } catch (JsonProcessingException noWordOfTheProtocol) {
            return null;
        }
    }

    /** The connection was never there, or nobody let us try. */
    private static boolean isUnsent(Throwable thrown) {
        return thrown instanceof ConnectException
                || thrown instanceof ConnectTimeoutException
                || thrown instanceof NoRouteToHostException
                || thrown instanceof UnknownHostException
                || thrown instanceof SSLHandshakeException
                || thrown instanceof CertificateException
                || thrown instanceof CallNotPermittedException
                || thrown instanceof RelayStopping
                || thrown instanceof RunLimitPassed;
    }
}
