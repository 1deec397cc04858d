package io.licenserelay.cli.setup;

import io.licenserelay.cli.common.CommandErrors;
import io.licenserelay.config.tls.Trust;
import io.licenserelay.evidence.probes.tls.Certificates;
import io.licenserelay.store.AtomicFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.List;
import java.util.stream.Collectors;

/** A PEM file for {@code trust:} in {@code relay.yaml}. */
record TrustFile(Path path) {
    private static final Base64.Encoder LINES = Base64.getMimeEncoder(64, new byte[] {'\n'});

    /** Whether the file contains exactly this certificate, so that nothing has to be written. */
    boolean contains(X509Certificate certificate) throws CommandErrors.Refusal {
        return Files.exists(path) && certificates().equals(List.of(certificate));
    }

    /** @throws CommandErrors.Refusal if the file exists and {@code replace} is false, or if its content is not certificates */
    void requireReplaceable(boolean replace) throws CommandErrors.Refusal {
        if (!Files.exists(path)) {
            return;
        }
        List<X509Certificate> others = certificates();
        if (!replace) {
            throw CommandErrors.failure(path + " contains another certificate: "
                    + others.stream()
                            .map(each -> each.getSubjectX500Principal().getName() + ", SHA-256 "
                                    + Certificates.fingerprint(each))
                            .collect(Collectors.joining("; "))
                    + ". Nothing was written. Write to another --out and list both files in trust during the change,"
                    + " or use --replace.");
        }
    }

    /** Writes the file atomically, because a running relay may read it at any time. */
    void write(X509Certificate certificate, String server) throws CommandErrors.Refusal {
        Path absolute = path.toAbsolutePath();
        Path part = AtomicFiles.part(absolute);
        try {
            Files.createDirectories(absolute.getParent());
            Files.writeString(part, text(certificate, server), StandardCharsets.US_ASCII);
            AtomicFiles.complete(part, absolute);
        } catch (IOException e) {
            throw CommandErrors.failure("Cannot write " + path + " (" + e + "); set another --out.");
        }
    }

    private List<X509Certificate> certificates() throws CommandErrors.Refusal {
        try {
            return Trust.certificates(path);
        } catch (IOException e) {
            throw CommandErrors.failure(e.getMessage() + ", so it is not overwritten; set another --out.");
        }
    }

    private static String text(X509Certificate certificate, String server) {
        try {
            return "# sent by " + server + ", SHA-256 " + Certificates.fingerprint(certificate)
                    + "\n-----BEGIN CERTIFICATE-----\n" + LINES.encodeToString(certificate.getEncoded())
                    + "\n-----END CERTIFICATE-----\n";
        } catch (CertificateEncodingException e) {
            throw new IllegalStateException("a certificate that was read cannot be encoded", e);
        }
    }
}
