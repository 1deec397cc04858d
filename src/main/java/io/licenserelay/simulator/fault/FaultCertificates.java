package io.licenserelay.simulator.fault;

import io.licenserelay.simulator.tls.CertificateAuthority;
import io.licenserelay.simulator.tls.ServerCertificate;
import java.time.Duration;
import java.time.Instant;

/** Which certificate is shown while a fault of certificates is on. */
final class FaultCertificates {
    private final CertificateAuthority authority;
    private final ServerCertificate good;
    private final String host;

    FaultCertificates(CertificateAuthority authority, ServerCertificate good, String host) {
        this.authority = authority;
        this.good = good;
        this.host = host;
    }

    /** Made anew with every change, so that no TLS session of an earlier one is resumed. */
    ServerCertificate shown(Faults faults) {
        Instant now = Instant.now();
        ActiveFault fault;
        if ((fault = faults.onConnection(Fault.EXPIRED_CERT)) != null) {
            Instant ended = now.minus(days(fault));
            return server().valid(ended.minus(Duration.ofDays(365)), ended).issue();
        }
        if ((fault = faults.onConnection(Fault.FUTURE_CERT)) != null) {
            Instant begins = now.plus(days(fault));
            return server().valid(begins, begins.plus(Duration.ofDays(365))).issue();
        }
        if ((fault = faults.onConnection(Fault.EXPIRING_CERT)) != null) {
            return server().valid(now.minus(Duration.ofDays(300)), now.plus(days(fault)))
                    .issue();
        }
        if ((fault = faults.onConnection(Fault.WRONG_NAME_CERT)) != null) {
            return authority.server(fault.text("name")).issue();
        }
        if (faults.onConnection(Fault.OTHER_CERT) != null) {
            return CertificateAuthority.create("Somebody Else's CA")
                    .server(host, "127.0.0.1")
                    .issue();
        }
        return faults.onConnection(Fault.RENEWED_CERT) != null ? server().issue() : good;
    }

    private CertificateAuthority.Issue server() {
        return authority.server(host, "127.0.0.1");
    }

    private static Duration days(ActiveFault fault) {
        return Duration.ofDays(fault.number("days"));
    }
}
