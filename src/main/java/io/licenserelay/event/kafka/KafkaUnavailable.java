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

/** No broker answered, or it refused; the message says why and what to set. */
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
            return "refuses name or password: " + cause.getMessage()
                    + " (relay.kafka.client.sasl.jaas.config, sasl.mechanism)";
        }
        SslAuthenticationException handshake = ObjectHelper.getException(SslAuthenticationException.class, cause);
        if (handshake != null) {
            return tls(kafka, handshake);
        }
        if (ObjectHelper.getException(AuthorizationException.class, cause) != null) {
            return "does not allow it: " + cause.getMessage()
                    + " (ask for the ACLs that license-relay requirements names)";
        }
        boolean nobody =
                cause instanceof TimeoutException || cause instanceof org.apache.kafka.common.errors.TimeoutException;
        return nobody ? timeoutText(kafka, cause) : "refuses: " + innermost(cause);
    }

    private static String tls(Settings.Kafka kafka, SslAuthenticationException handshake) {
        String detail = innermost(handshake);
        String language = BrokerFault.of(kafka.brokers(), true);
        if (language != null) {
            return "does not answer: " + language;
        }
        return detail.contains("PKIX") || detail.contains("certification path")
                ? "shows a certificate of a CA that is not trusted here (" + detail
                        + "): put the CA's PEM file into relay.kafka.client.ssl.truststore.location,"
                        + " with relay.kafka.client.ssl.truststore.type=PEM"
                : "breaks off the TLS handshake: " + detail;
    }

    /** A client that finds nobody only says that it waited. */
    private static String timeoutText(Settings.Kafka kafka, Throwable cause) {
        String language = BrokerFault.of(kafka.brokers(), speaksTls(kafka));
        return "does not answer within " + seconds(kafka.timeout()) + " s ("
                + (language == null ? cause.getMessage() : language) + ")";
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
