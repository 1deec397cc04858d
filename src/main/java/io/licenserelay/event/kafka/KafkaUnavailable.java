package io.licenserelay.event.kafka;

import io.licenserelay.config.site.Settings;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.TimeoutException;
import org.apache.camel.util.ObjectHelper;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.errors.SslAuthenticationException;

/** No broker answered, or the broker refused the request. The message contains the reason and the setting to change. */
public final class KafkaUnavailable extends Exception {
    private static final long serialVersionUID = 1L;

    KafkaUnavailable(Settings.Kafka kafka, Throwable cause) {
        super(message(kafka, cause), cause);
    }

    private static String message(Settings.Kafka kafka, Throwable cause) {
        return "Kafka at " + kafka.brokers() + " " + why(kafka, cause)
                + "; see relay.kafka.* in application.properties";
    }

    private static String why(Settings.Kafka kafka, Throwable cause) {
        if (ObjectHelper.getException(SaslAuthenticationException.class, cause) != null) {
            return "rejects the user name or password: " + cause.getMessage()
                    + " (relay.kafka.client.sasl.jaas.config, sasl.mechanism)";
        }
        SslAuthenticationException handshake = ObjectHelper.getException(SslAuthenticationException.class, cause);
        if (handshake != null) {
            return tls(kafka, handshake);
        }
        if (ObjectHelper.getException(AuthorizationException.class, cause) != null) {
            return "denies access: " + cause.getMessage() + " (request the ACLs that license-relay requirements lists)";
        }
        boolean timedOut =
                cause instanceof TimeoutException || cause instanceof org.apache.kafka.common.errors.TimeoutException;
        return timedOut ? timeoutText(kafka, cause) : "refuses the request: " + innermost(cause);
    }

    private static String tls(Settings.Kafka kafka, SslAuthenticationException handshake) {
        String detail = innermost(handshake);
        String fault = BrokerFault.of(kafka.brokers(), true);
        if (fault != null) {
            return "does not answer: " + fault;
        }
        return detail.contains("PKIX") || detail.contains("certification path")
                ? "has a certificate of an untrusted CA (" + detail
                        + "): put the CA's PEM file into relay.kafka.client.ssl.truststore.location,"
                        + " with relay.kafka.client.ssl.truststore.type=PEM"
                : "aborts the TLS handshake: " + detail;
    }

    /** The client's own error contains only the waiting time, so the cause is determined here. */
    private static String timeoutText(Settings.Kafka kafka, Throwable cause) {
        String fault = BrokerFault.of(kafka.brokers(), speaksTls(kafka));
        return "does not answer within " + seconds(kafka.timeout()) + " s ("
                + (fault == null ? cause.getMessage() : fault) + ")";
    }

    private static String seconds(Duration timeout) {
        return BigDecimal.valueOf(timeout.toMillis(), 3).stripTrailingZeros().toPlainString();
    }

    private static boolean speaksTls(Settings.Kafka kafka) {
        return kafka.client()
                .getOrDefault(CommonClientConfigs.SECURITY_PROTOCOL_CONFIG, "PLAINTEXT")
                .toUpperCase(Locale.ROOT)
                .endsWith("SSL");
    }

    private static String innermost(Throwable thrown) {
        Throwable cause = thrown;
        String text = String.valueOf(thrown.getMessage());
        while (cause.getCause() != null) {
            cause = cause.getCause();
            text = cause.getMessage() == null ? text : cause.getMessage();
        }
        return text;
    }
}
