package io.licenserelay.evidence.probes.tls;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Certificates in the form of evidence. */
public final class Certificates {
    private static final int MAX_CERTIFICATES = 10;
    private static final int MAX_NAMES = 50;
    private static final int DNS_NAME = 2;
    private static final int IP_ADDRESS = 7;
    private static final HexFormat FINGERPRINT = HexFormat.ofDelimiter(":").withUpperCase();

    private Certificates() {}

    /** At most ten certificates, the server's own first. */
    static List<Map<String, Object>> details(List<X509Certificate> chain) {
        return chain.stream().limit(MAX_CERTIFICATES).map(Certificates::details).toList();
    }

    /** The subject alternative names that are DNS names or IP addresses; only these identify a server. */
    public static List<String> names(X509Certificate certificate) {
        try {
            Collection<List<?>> names = certificate.getSubjectAlternativeNames();
            return names == null
                    ? List.of()
                    : names.stream()
                            .filter(name ->
                                    name.get(0).equals(DNS_NAME) || name.get(0).equals(IP_ADDRESS))
                            .map(name -> String.valueOf(name.get(1)))
                            .limit(MAX_NAMES)
                            .toList();
        } catch (CertificateParsingException unreadable) {
            return List.of("unreadable: " + unreadable.getMessage());
        }
    }

    /** The SHA-256 fingerprint in the form of {@code openssl x509 -fingerprint -sha256}. */
    public static String fingerprint(X509Certificate certificate) {
        try {
            return FINGERPRINT.formatHex(MessageDigest.getInstance("SHA-256").digest(certificate.getEncoded()));
        } catch (CertificateEncodingException unreadable) {
            return "unreadable: " + unreadable.getMessage();
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("every Java has SHA-256", impossible);
        }
    }

    private static Map<String, Object> details(X509Certificate certificate) {
        Map<String, Object> details = new LinkedHashMap<>();
        details.put("subject", certificate.getSubjectX500Principal().getName());
        details.put("issuer", certificate.getIssuerX500Principal().getName());
        details.put("names", names(certificate));
        details.put("notBefore", certificate.getNotBefore().toInstant().toString());
        details.put("notAfter", certificate.getNotAfter().toInstant().toString());
        details.put("sha256", fingerprint(certificate));
        return details;
    }
}
