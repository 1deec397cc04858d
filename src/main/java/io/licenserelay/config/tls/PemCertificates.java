package io.licenserelay.config.tls;

import io.licenserelay.config.yaml.TextFile;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads the certificates of a PEM file (RFC 7468). Text around them is ignored. */
public final class PemCertificates {
    private static final Pattern CERTIFICATE =
            Pattern.compile("-----BEGIN CERTIFICATE-----([A-Za-z0-9+/=\\s]*+)-----END CERTIFICATE-----");

    private PemCertificates() {}

    /**
     * Reads at least one certificate.
     *
     * @throws IOException with a readable message that contains the file name
     */
    public static List<X509Certificate> read(Path path) throws IOException {
        String text = new String(TextFile.bytes(path, TextFile.MAX_BYTES), StandardCharsets.ISO_8859_1);
        List<X509Certificate> certificates = new ArrayList<>();
        Matcher matcher = CERTIFICATE.matcher(text);
        while (matcher.find()) {
            certificates.add(certificate(matcher.group(1), path));
        }
        if (certificates.isEmpty()) {
            throw new IOException(path + " has no certificate in PEM form");
        }
        return certificates;
    }

    private static X509Certificate certificate(String base64, Path path) throws IOException {
        try {
            byte[] der = Base64.getMimeDecoder().decode(base64);
            return (X509Certificate)
                    CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(der));
        } catch (CertificateException | IllegalArgumentException e) {
            throw new IOException(path + " has a damaged certificate: " + e.getMessage(), e);
        }
    }
}
