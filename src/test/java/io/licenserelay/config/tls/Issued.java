package io.licenserelay.config.tls;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.CertIOException;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.jspecify.annotations.Nullable;

/** A certificate with its keys, created for a test. */
public record Issued(KeyPair keys, List<X509Certificate> chain) {
    private static final Duration DAY = Duration.ofDays(1);

    public static Issued authority(String name) {
        KeyPair keys = keyPair();
        X500Name subject = new X500Name("CN=" + name);
        return new Issued(keys, List.of(sign(keys, subject, keys, subject, null, DAY)));
    }

    /** A self-signed certificate that is not marked as a CA. */
    static Issued selfSigned(String host, Duration validFor) {
        KeyPair keys = keyPair();
        X500Name subject = new X500Name("CN=" + host);
        return new Issued(keys, List.of(sign(keys, subject, keys, subject, host, validFor)));
    }

    public static Issued selfSigned(String host) {
        return selfSigned(host, DAY);
    }

    /** A server's certificate signed by this authority; a negative duration makes it expired. */
    Issued server(String host, Duration validFor) {
        KeyPair server = keyPair();
        X500Name subject = new X500Name("CN=" + host);
        X500Name issuer = new X500Name(certificate().getSubjectX500Principal().getName());
        X509Certificate signed = sign(keys, issuer, server, subject, host, validFor);
        return new Issued(
                server, Stream.concat(Stream.of(signed), chain.stream()).toList());
    }

    public Issued server(String host) {
        return server(host, DAY);
    }

    X509Certificate certificate() {
        return chain.get(0);
    }

    /** Replaces the file by a new file, as a rotation of mounted secrets does. */
    public static Path write(Path file, Issued... certificates) throws IOException {
        String text = Stream.of(certificates).map(Issued::pem).collect(Collectors.joining("# and\n"));
        Path newFile = Files.writeString(file.resolveSibling("newFile"), "Subject: a test\n" + text);
        return Files.move(newFile, file, StandardCopyOption.REPLACE_EXISTING);
    }

    /** The private key as PEM, in a file that only its owner can read, as a server requires. */
    public Path writeKey(Path file) throws IOException {
        Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        byte[] key = keys.getPrivate().getEncoded();
        return Files.writeString(
                file,
                "-----BEGIN PRIVATE KEY-----\n" + Base64.getMimeEncoder().encodeToString(key)
                        + "\n-----END PRIVATE KEY-----\n");
    }

    private String pem() {
        try {
            byte[] lineEnd = "\n".getBytes(StandardCharsets.US_ASCII);
            return "-----BEGIN CERTIFICATE-----\n"
                    + Base64.getMimeEncoder(64, lineEnd)
                            .encodeToString(certificate().getEncoded())
                    + "\n-----END CERTIFICATE-----\n";
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static KeyPair keyPair() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(256);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static X509Certificate sign(
            KeyPair signer,
            X500Name issuer,
            KeyPair owner,
            X500Name subject,
            @Nullable String host,
            Duration validFor) {
        Instant now = Instant.now();
        Instant start = now.minus(DAY).isBefore(now.plus(validFor)) ? now.minus(DAY) : now.minus(DAY.multipliedBy(9));
        X509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(
                issuer,
                new BigInteger(64, new SecureRandom()),
                Date.from(start),
                Date.from(now.plus(validFor)),
                subject,
                owner.getPublic());
        try {
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(host == null));
            if (host != null) {
                GeneralName name = new GeneralName(GeneralName.dNSName, host);
                builder.addExtension(Extension.subjectAlternativeName, false, new GeneralNames(name));
            }
            return new JcaX509CertificateConverter()
                    .getCertificate(
                            builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(signer.getPrivate())));
        } catch (GeneralSecurityException | OperatorCreationException e) {
            throw new IllegalStateException(e);
        } catch (CertIOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
