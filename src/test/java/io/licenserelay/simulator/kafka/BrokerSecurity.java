package io.licenserelay.simulator.kafka;

import io.licenserelay.simulator.tls.PemText;
import io.licenserelay.simulator.tls.ServerCertificate;
import java.util.List;
import java.util.Map;

/**
 * The security settings of a broker with a TLS listener and a listener for TLS with name and password (SCRAM-SHA-512).
 * Clients of the plain listener may do everything. A topic with access control lists can be used only by the users that
 * they name.
 *
 * @param certificate the broker's certificate, for {@code 127.0.0.1}
 */
public record BrokerSecurity(ServerCertificate certificate, String user, String password) {

    /** Omits the password. */
    @Override
    public String toString() {
        return "BrokerSecurity[" + certificate + ", " + user + "]";
    }

    List<String> scramUsers() {
        return List.of("SCRAM-SHA-512=[name=" + user + ",password=" + password + "]");
    }

    Map<String, String> settings() {
        return Map.of(
                "ssl.keystore.type",
                "PEM",
                "ssl.keystore.certificate.chain",
                PemText.certificates(certificate.chain()),
                "ssl.keystore.key",
                PemText.key(certificate.key()),
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
