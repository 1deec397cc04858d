package io.licenserelay.cli.setup;

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
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code trust}: from a server's certificate to a line of {@code relay.yaml}. */
@Command(
        name = "trust",
        description = {
            "Shows the certificates of a server, asks, and writes one as PEM for trust: in relay.yaml.",
            "Nothing but a TLS handshake is sent to the server."
        },
        exitCodeList = {
            "0:written, or it was there already",
            "1:no certificate came, it was not confirmed, or the file holds another one",
            "2:bad options"
        })
public final class TrustCommand extends RelayCommand {
    @Parameters(paramLabel = "URL", description = "As in ssm.url: https://ssm.example.net:8443")
    private String url = "";

    @Option(names = "--out", paramLabel = "FILE", description = "The PEM file (default: trust/HOST.pem in --config).")
    private @Nullable Path out;

    @Option(names = "--ca", description = "Write the CA that the server shows, not the server's own certificate.")
    private boolean ca;

    @Option(names = "--proxy", paramLabel = "URL", description = "As in ssm.proxy: http://proxy.example.net:3128")
    private @Nullable URI proxy;

    @Option(names = "--sha256", paramLabel = "HEX", description = "The fingerprint that you were told; colons or not.")
    private @Nullable String sha256;

    @Option(names = "--yes", description = "Do not ask; wants --sha256, so that somebody has compared.")
    private boolean yes;

    @Option(names = "--replace", description = "Overwrite a file that holds another certificate.")
    private boolean replace;

    @Option(
            names = "--timeout",
            paramLabel = "SECONDS",
            defaultValue = "10",
            description = "For the whole look at the server, 1 to 300 (default: ${DEFAULT-VALUE}).")
    private int timeout;

    @Override
    public Integer call() throws Exception {
        URI server = ServerAddress.of(url);
        String expectedFingerprint = expectedFingerprint();
        ServerAddress.proxy(proxy);
        PrintWriter screen = out();
        ServerIdentity identity = readIdentity(server);
        show(server, identity, screen);
        X509Certificate chosen = chosen(identity);
        String fingerprint = Certificates.fingerprint(chosen);
        if (!expectedFingerprint.isEmpty() && !expectedFingerprint.equals(plain(fingerprint))) {
            throw CommandErrors.failure("The SHA-256 is not the one that you were told: it is " + fingerprint
                    + ". Nothing was written; ask the administrators of SSM before you go on.");
        }
        TrustFile file = new TrustFile(
                out != null ? out : folders.config.resolve("trust").resolve(fileName(server)));
        if (file.holds(chosen)) {
            screen.println(file.path() + " holds it already.");
        } else {
            file.refuseOther(replace);
            if (!yes) {
                confirm(fingerprint, file.path(), screen);
            }
            file.write(chosen, ServerAddress.authority(server));
            screen.println("Written to " + file.path() + ".");
        }
        screen.println("In relay.yaml, below ssm: of the site with url: " + server + "\n  trust: " + file.path());
        screen.flush();
        return 0;
    }

    private String expectedFingerprint() throws CommandErrors.Refusal {
        if (timeout < 1 || timeout > 300) {
            throw CommandErrors.usage("--timeout is 1 to 300 seconds, not " + timeout + ".");
        }
        if (sha256 == null) {
            if (yes) {
                throw CommandErrors.usage(
                        "--yes wants --sha256 HEX: the fingerprint that the administrators of SSM told you.");
            }
            return "";
        }
        String hex = plain(sha256);
        if (!hex.matches("[0-9A-F]{64}")) {
            throw CommandErrors.usage(
                    "--sha256 is 64 hexadecimal digits, as openssl x509 -fingerprint -sha256 shows them.");
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
        } catch (ServerIdentity.NotShown none) {
            throw CommandErrors.failure(none.getMessage() + ". Nothing was written.");
        }
    }

    private static void show(URI server, ServerIdentity identity, PrintWriter screen) {
        screen.println(ServerAddress.authority(server) + " shows (" + identity.protocol() + ")");
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
            screen.println("✓ This Java trusts it already, and the name fits: trust may be left out.");
            return;
        }
        for (Finding finding : identity.findings()) {
            screen.println("✗ " + Table.plain(finding.phrase()));
        }
        boolean fits =
                identity.findings().stream().noneMatch(each -> each.name().equals(Findings.TLS_NAME_MISMATCH));
        screen.println(
                fits ? "✓ The name fits." : "! Pinning the server's own certificate replaces the check of the name.");
        if (identity.findings().stream().anyMatch(each -> each.name().equals(Findings.TLS_EXPIRED))) {
            screen.println("! A pinned certificate must be within its dates too.");
        }
    }

    private X509Certificate chosen(ServerIdentity identity) throws CommandErrors.Refusal {
        List<X509Certificate> chain = identity.chain();
        if (!ca) {
            return chain.get(0);
        }
        return chain.stream()
                .filter(each -> each.getBasicConstraints() >= 0)
                .reduce((nearer, farther) -> farther)
                .orElseThrow(() -> CommandErrors.failure(
                        "The server shows no CA. Nothing was written; leave --ca out, or ask for the CA's PEM file."));
    }

    private static void confirm(String fingerprint, Path path, PrintWriter screen)
            throws IOException, CommandErrors.Refusal {
        screen.println("SHA-256 " + fingerprint);
        screen.print("Did the administrators of SSM tell you the same? Type yes to write " + path + ": ");
        screen.flush();
        String answer = new BufferedReader(new InputStreamReader(System.in, Charset.defaultCharset())).readLine();
        if (answer == null || !answer.strip().toLowerCase(Locale.ROOT).equals("yes")) {
            throw CommandErrors.failure("Not confirmed; nothing was written. Scripts give --yes --sha256 HEX.");
        }
    }

    private static String fileName(URI server) {
        return server.getHost().replaceAll("[^A-Za-z0-9._-]", "_") + ".pem";
    }

    private static String plain(String fingerprint) {
        return fingerprint.replaceAll("[:\\s]", "").toUpperCase(Locale.ROOT);
    }
}
