package io.licenserelay.simulator.tls;

import java.nio.charset.StandardCharsets;
import java.security.PrivateKey;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.List;

/** Certificates and keys as text (RFC 7468). */
public final class PemText {
    private static final Base64.Encoder LINES = Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII));

    private PemText() {}

    public static String certificates(List<X509Certificate> certificates) {
        StringBuilder text = new StringBuilder();
        for (X509Certificate certificate : certificates) {
            text.append("-----BEGIN CERTIFICATE-----\n").append(base64(certificate));
            text.append("\n-----END CERTIFICATE-----\n");
        }
        return text.toString();
    }

    /** The key as PKCS #8 without encryption. */
    public static String key(PrivateKey key) {
        return "-----BEGIN PRIVATE KEY-----\n" + LINES.encodeToString(key.getEncoded())
                + "\n-----END PRIVATE KEY-----\n";
    }

    private static String base64(X509Certificate certificate) {
        try {
            return LINES.encodeToString(certificate.getEncoded());
        } catch (CertificateEncodingException e) {
            throw new IllegalArgumentException(
                    "cannot encode the certificate of " + certificate.getSubjectX500Principal(), e);
        }
    }
}
