package io.licenserelay.config.web;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The files for TLS of the server, in PEM form. The server reads them again after they changed.
 *
 * @param certificate the certificate of this relay, followed by its intermediate certificates
 * @param key the private key, in PKCS #8 form and not encrypted
 * @param clientAuthorities the CAs whose client certificates log users in; null if client certificates are not accepted
 */
public record CertificateFiles(
        Path certificate, Path key, @Nullable Path clientAuthorities) {

    /** All files, for a check whether one has changed. */
    public List<Path> all() {
        return clientAuthorities == null ? List.of(certificate, key) : List.of(certificate, key, clientAuthorities);
    }
}
