package io.licenserelay.simulator.kafka;

import io.licenserelay.simulator.tls.PemText;
import io.licenserelay.simulator.tls.ServerCertificate;
import java.util.List;
import java.util.Map;

/**
 * What a broker asks of clients that do not come by its plain listener, which may do everything: TLS, and TLS with a name and
 * password (SCRAM-SHA-512). A topic that has access control lists is for those whom they name.
 *
 * @param shown the broker's certificate, for {@code 127.0.0.1}
 */
public record BrokerSecurity(ServerCertificate shown, String user, String password) {

    /** The password stays unseen. */
    @Override
    public String toString() {
        return "BrokerSecurity[" + shown + ", " + user + "]";
    }

    List<String> scramUsers() {
        return List.of("SCRAM-SHA-512=[name=" + user + ",password=" + password + "]");
    }

    Map<String, String> settings() {
        return Map.of(
                "ssl.keystore.type",
                "PEM",
                "ssl.keystore.certificate.chain",
                PemText.certificates(shown.chain()),
                "ssl.keystore.key",
                PemText.key(shown.key()),
                "sasl.enabled.mechanisms",
                "SCRAM-SHA-512",
                "listener.name.sasl_ssl.scram-sha-512.sasl.jaas.config",
                "org.apache.kafka.common.security.scram.ScramLoginModule required;",
                "authorizer.class.name",
                "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
                "allow.everyone.if.no.acl.found",
                "true",
                "super.users",
                "User:ANONYMOUS");
    }
}
