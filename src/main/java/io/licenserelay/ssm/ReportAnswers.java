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

/** Reads SSM's answers to reports and polls. The format is that of the cloud's public samples. */
public final class ReportAnswers {
    private static final long DEFAULT_POLL_SECONDS = 300;
    private static final int MAX_MESSAGE_LENGTH = 500;
    private static final long MAX_POLL_SECONDS = 86_400;

    /** Statuses with which a server may report an unknown poll ID. Cisco does not publish which one it uses. */
    private static final Set<Integer> UNKNOWN_POLL_ID = Set.of(400, 404, 405, 409, 410, 422);

    /**
     * Reads the answer to a submission of reports.
     *
     * @throws CallFailed when the answer neither accepts nor rejects the reports; the server may then have them
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
                        "status",
                        "is " + ShortText.oneLine(status, MAX_MESSAGE_LENGTH) + " instead of OK_POLL or FAILED");
        };
    }

    /**
     * Determines the result of a submission from its failure.
     *
     * @param failure if it is not a failed request, the server may have the reports
     */
    public SubmissionAnswer failed(Exception failure) {
        Throwable thrown = FailureClassifier.rootCause(failure);
        CallFailed call = ObjectHelper.getException(CallFailed.class, failure);
        HttpExchangeRecord exchange = thrown instanceof SsmException ssmFailure ? ssmFailure.exchange() : null;
        boolean isReportRequest = exchange != null
                && call != null
                && exchange.url().equals(call.call().url());
        if (isReportRequest && isMissingPath((SsmException) thrown)) {
            return new SubmissionAnswer.NoPath(String.valueOf(thrown.getMessage()), exchange);
        }
        if (thrown instanceof SsmRefused) {
            String refusal = isReportRequest ? refusal(exchange) : null;
            return refusal == null
                    ? new SubmissionAnswer.Unanswered(false, !isReportRequest, null)
                    : new SubmissionAnswer.Rejected(refusal, exchange);
        }
        boolean failedElsewhere = (exchange != null && !isReportRequest)
                || ObjectHelper.getException(TokenUnanswered.class, failure) != null;
        String answered =
                thrown instanceof SsmException ssmFailure && !failedElsewhere ? ssmFailure.getMessage() : null;
        return new SubmissionAnswer.Unanswered(!failedElsewhere && !isUnsent(thrown), true, answered);
    }

    /**
     * Reads the answer to a poll. The memory of the acknowledgements is charged to the site until the exchange is done.
     *
     * @throws CallFailed when the answer is invalid
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

    /** Determines the result of a poll from its failure. A refused request counts as an answer. */
    public PollAnswer pollFailed(Exception failure) {
        Throwable thrown = FailureClassifier.rootCause(failure);
        CallFailed call = ObjectHelper.getException(CallFailed.class, failure);
        HttpExchangeRecord exchange = thrown instanceof SsmException ssmFailure ? ssmFailure.exchange() : null;
        boolean refused = exchange != null
                && call != null
                && exchange.url().equals(call.call().url())
                && exchange.status() != null
                && UNKNOWN_POLL_ID.contains(exchange.status());
        return refused ? new PollAnswer.Refused(String.valueOf(thrown.getMessage())) : new PollAnswer.Unanswered();
    }

    private static PollAnswer polled(InputStream body, AnswerMemory.Lease lease) throws IOException {
        List<Ack> acks = new ArrayList<>();
        ProtocolAnswer answer = ProtocolAnswer.read(body, received -> {
            lease.grow(500 + 2L * received.base64().length());
            acks.add(ack("data.acknowledgements[" + acks.size() + "]", received));
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
                        "is " + ShortText.oneLine(status, MAX_MESSAGE_LENGTH) + " instead of COMPLETE or OK_POLL");
        };
    }

    private static Ack ack(String place, ProtocolAnswer.ReceivedAck received) throws BadAnswer {
        try {
            Ack ack = Ack.of(received.udi(), received.base64(), received.surroundingText());
            if (ack.bytes().length == 0) {
                throw BadAnswer.shape(place + ".smart_license", "is missing");
            }
            return ack;
        } catch (IllegalArgumentException e) {
            throw BadAnswer.shape(place + ".smart_license", "is not base64");
        }
    }

    private static Duration interval(ProtocolAnswer answer) {
        long seconds = NumberInput.parseAsLong(answer.text("poll_interval"), DEFAULT_POLL_SECONDS);
        return Duration.ofSeconds(Math.max(1, Math.min(MAX_POLL_SECONDS, seconds)));
    }

    private static String message(ProtocolAnswer answer) {
        return message(answer.text("message_code"), answer.text("message"));
    }

    private static String message(String code, String message) {
        String text = code.isEmpty() || code.equals("null") ? message : message + " (" + code + ")";
        return ShortText.oneLine(text.isBlank() ? "FAILED, without a message" : text, MAX_MESSAGE_LENGTH);
    }

    private static boolean isMissingPath(SsmException ssmFailure) {
        return ssmFailure.errorType().equals("http.404")
                || ssmFailure.errorType().equals("http.405")
                || ssmFailure.errorType().equals(Findings.ANSWER_HTML);
    }

    /** A refusal in the format of the protocol, with any status: Cisco does not publish which status belongs to it. */
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
        } catch (JsonProcessingException otherFormat) {
            return null;
        }
    }

    /** No connection was established, or the request was not permitted. */
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
