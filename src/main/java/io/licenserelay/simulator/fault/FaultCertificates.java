package io.licenserelay.simulator.fault;

import io.licenserelay.simulator.tls.CertificateAuthority;
import io.licenserelay.simulator.tls.ServerCertificate;
import java.time.Duration;
import java.time.Instant;

/** Chooses the certificate that the server presents, according to the active faults. */
final class FaultCertificates {
    private final CertificateAuthority authority;
    private final ServerCertificate regular;
    private final String host;

    FaultCertificates(CertificateAuthority authority, ServerCertificate regular, String host) {
        this.authority = authority;
        this.regular = regular;
        this.host = host;
    }

    /** Creates a new certificate at every change, so that no TLS session of an earlier certificate is resumed. */
    ServerCertificate current(Faults faults) {
        Instant now = Instant.now();
        ActiveFault fault;
        if ((fault = faults.onConnection(Fault.EXPIRED_CERT)) != null) {
            Instant expiry = now.minus(days(fault));
            return server().valid(expiry.minus(Duration.ofDays(365)), expiry).issue();
        }
        if ((fault = faults.onConnection(Fault.FUTURE_CERT)) != null) {
            Instant start = now.plus(days(fault));
            return server().valid(start, start.plus(Duration.ofDays(365))).issue();
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
        return faults.onConnection(Fault.RENEWED_CERT) != null ? server().issue() : regular;
    }

    private CertificateAuthority.CertificateBuilder server() {
        return authority.server(host, "127.0.0.1");
    }

    private static Duration days(ActiveFault fault) {
        return Duration.ofDays(fault.number("days"));
    }
}
