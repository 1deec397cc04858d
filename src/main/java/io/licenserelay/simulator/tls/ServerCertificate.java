package io.licenserelay.simulator.tls;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.SSLContext;

/**
 * The certificate of a TLS server.
 *
 * @param chain the server's own certificate first
 */
public record ServerCertificate(PrivateKey key, List<X509Certificate> chain) {

    public X509Certificate certificate() {
        return chain.get(0);
    }

    /** The server's own certificate as PEM text, for pinning. */
    public String pem() {
        return PemText.certificates(List.of(certificate()));
    }

    /** Writes {@link #pem()} to a file and returns its path. */
    public Path writeTo(Path file) {
        try {
            return Files.writeString(file, pem(), StandardCharsets.US_ASCII);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns a context for servers that presents this chain. */
    public SSLContext sslContext() {
        return TlsContexts.presenting(this);
    }

    /** Omits the key. */
    @Override
    public String toString() {
        return "ServerCertificate[" + certificate().getSubjectX500Principal() + "]";
    }
}
