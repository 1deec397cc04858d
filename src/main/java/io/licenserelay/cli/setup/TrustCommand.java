package io.licenserelay.cli.setup;

import io.licenserelay.cli.common.ColorOption;
import io.licenserelay.cli.common.CommandErrors;
import io.licenserelay.cli.common.RelayCommand;
import io.licenserelay.cli.output.Table;
import io.licenserelay.cli.output.WrappedText;
import io.licenserelay.evidence.Finding;
import io.licenserelay.evidence.Findings;
import io.licenserelay.evidence.probes.tls.Certificates;
import io.licenserelay.evidence.probes.tls.ServerIdentity;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.charset.Charset;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code trust}: writes a server's certificate for {@code trust:} in {@code relay.yaml}. */
@Command(
        name = "trust",
        description = {
            "Shows the certificates of a server, asks for confirmation, and writes one as PEM for trust: in relay.yaml.",
            "It makes one TLS handshake and sends nothing else to the server."
        },
        exitCodeList = {
            "0:written, or already in the file",
            "1:no certificate received, not confirmed, or the file contains another certificate",
            "2:bad options"
        })
public final class TrustCommand extends RelayCommand {
    @Parameters(paramLabel = "URL", description = "The server as in ssm.url: https://ssm.example.net:8443")
    private String url = "";

    @Option(names = "--out", paramLabel = "FILE", description = "The PEM file (default: trust/HOST.pem in --config).")
    private @Nullable Path out;

    @Option(
            names = "--ca",
            description = "Write the CA certificate that the server sends, not the server's own certificate.")
    private boolean ca;

    @Option(
            names = "--proxy",
            paramLabel = "URL",
            description = "The proxy as in ssm.proxy: http://proxy.example.net:3128")
    private @Nullable URI proxy;

    @Option(
            names = "--sha256",
            paramLabel = "HEX",
            description = "The fingerprint from the administrators, with or without colons.")
    private @Nullable String sha256;

    @Option(
            names = "--yes",
            description = "Do not ask for confirmation. Requires --sha256, which replaces the comparison by hand.")
    private boolean yes;

    @Option(names = "--replace", description = "Overwrite a file that contains another certificate.")
    private boolean replace;

    @Option(
            names = "--timeout",
            paramLabel = "SECONDS",
            defaultValue = "10",
            description = "Time limit for the whole connection, 1 to 300 (default: ${DEFAULT-VALUE}).")
    private int timeout;

    @Mixin
    private ColorOption color;

    @Override
    public Integer call() throws Exception {
        URI server = ServerAddress.of(url);
        String expectedFingerprint = expectedFingerprint();
        ServerAddress.proxy(proxy);
        PrintWriter screen = color.writer(text());
        ServerIdentity identity = readIdentity(server);
        show(server, identity, screen);
        X509Certificate certificate = selectCertificate(identity);
        String fingerprint = Certificates.fingerprint(certificate);
        if (!expectedFingerprint.isEmpty() && !expectedFingerprint.equals(plain(fingerprint))) {
            throw CommandErrors.failure("The SHA-256 of the certificate does not match --sha256: it is " + fingerprint
                    + ". Nothing was written. Ask the administrators of SSM before you continue.");
        }
        TrustFile file = new TrustFile(
                out != null ? out : folders.config.resolve("trust").resolve(fileName(server)));
        if (file.contains(certificate)) {
            screen.println(file.path() + " already contains this certificate.");
        } else {
            file.requireReplaceable(replace);
            if (!yes) {
                confirm(fingerprint, file.path(), screen);
            }
            file.write(certificate, ServerAddress.authority(server));
            screen.println("Written to " + file.path() + ".");
        }
        screen.println(
                "Add to the configuration, below ssm: of the site with url: " + server + "\n  trust: " + file.path());
        screen.flush();
        return 0;
    }

    private String expectedFingerprint() throws CommandErrors.Refusal {
        if (timeout < 1 || timeout > 300) {
            throw CommandErrors.usage("--timeout must be 1 to 300 seconds, not " + timeout + ".");
        }
        if (sha256 == null) {
            if (yes) {
                throw CommandErrors.usage(
                        "--yes requires --sha256 HEX: the fingerprint from the administrators of SSM.");
            }
            return "";
        }
        String hex = plain(sha256);
        if (!hex.matches("[0-9A-F]{64}")) {
            throw CommandErrors.usage(
                    "--sha256 must be 64 hexadecimal digits, as openssl x509 -fingerprint -sha256 prints them.");
        }
        return hex;
    }

    private ServerIdentity readIdentity(URI server) throws IOException, CommandErrors.Refusal {
        try {
            return ServerIdentity.of(
                    server,
                    proxy,
                    Duration.ofSeconds(timeout),
                    Clock.systemUTC().instant());
        } catch (ServerIdentity.NotShown e) {
            throw CommandErrors.failure(e.getMessage() + ". Nothing was written.");
        }
    }

    private static void show(URI server, ServerIdentity identity, PrintWriter screen) {
        screen.println(ServerAddress.authority(server) + " sent these certificates (" + identity.protocol() + ")");
        int number = 1;
        for (X509Certificate each : identity.chain()) {
            WrappedText.print(
                    "  " + number++ + ". subject  ",
                    each.getSubjectX500Principal().getName(),
                    screen);
            WrappedText.print("     issuer   ", each.getIssuerX500Principal().getName(), screen);
            List<String> names = Certificates.names(each);
            WrappedText.print("     names    ", names.isEmpty() ? "none" : String.join(", ", names), screen);
            screen.println("     valid    " + each.getNotBefore().toInstant() + " to "
                    + each.getNotAfter().toInstant());
            screen.println("     SHA-256  " + Certificates.fingerprint(each));
        }
        if (identity.trusted()) {
            screen.println("✓ This Java trusts the chain already, and the name matches: trust can be omitted.");
            return;
        }
        for (Finding finding : identity.findings()) {
            screen.println("✗ " + Table.plain(finding.phrase()));
        }
        boolean nameMatches =
                identity.findings().stream().noneMatch(each -> each.name().equals(Findings.TLS_NAME_MISMATCH));
        screen.println(
                nameMatches
                        ? "✓ The name matches."
                        : "! Pinning the server's own certificate replaces the check of the name.");
        if (identity.findings().stream().anyMatch(each -> each.name().equals(Findings.TLS_EXPIRED))) {
            screen.println("! A pinned certificate must also be within its validity dates.");
        }
    }

    private X509Certificate selectCertificate(ServerIdentity identity) throws CommandErrors.Refusal {
        List<X509Certificate> chain = identity.chain();
        if (!ca) {
            return chain.get(0);
        }
        return chain.stream()
                .filter(each -> each.getBasicConstraints() >= 0)
                .reduce((nearer, farther) -> farther)
                .orElseThrow(
                        () -> CommandErrors.failure(
                                "The server sent no CA certificate. Nothing was written. Omit --ca, or get the PEM file of the CA."));
    }

    private static void confirm(String fingerprint, Path path, PrintWriter screen)
            throws IOException, CommandErrors.Refusal {
        screen.println("SHA-256 " + fingerprint);
        screen.print("Is this the fingerprint from the administrators of SSM? Type yes to write " + path + ": ");
        screen.flush();
        String answer = new BufferedReader(new InputStreamReader(System.in, Charset.defaultCharset())).readLine();
        if (answer == null || !answer.strip().toLowerCase(Locale.ROOT).equals("yes")) {
            throw CommandErrors.failure("Not confirmed. Nothing was written. In scripts use --yes --sha256 HEX.");
        }
    }

    private static String fileName(URI server) {
        return server.getHost().replaceAll("[^A-Za-z0-9._-]", "_") + ".pem";
    }

    private static String plain(String fingerprint) {
        return fingerprint.replaceAll("[:\\s]", "").toUpperCase(Locale.ROOT);
    }
}
