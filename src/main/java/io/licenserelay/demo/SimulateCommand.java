package io.licenserelay.demo;

import io.licenserelay.cli.StopSignal;
import io.licenserelay.cli.Subcommand;
import io.licenserelay.simulator.estate.Estate;
import io.licenserelay.simulator.ssm.ApiClient;
import io.licenserelay.simulator.ssm.SsmSimulator;
import io.licenserelay.simulator.ssm.SsmSimulatorBuilder;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code simulate}: runs only the simulated SSM On-Prem. */
@Command(
        name = "simulate",
        mixinStandardHelpOptions = true,
        description = {
            "Simulates an SSM On-Prem over TLS until Ctrl-C, as far as public clients show its behaviour.",
            "Faults can be set over HTTP while it runs. It prints the URL, and the site for relay.yaml."
        },
        exitCodeListHeading = "Exit codes:%n",
        exitCodeList = {"0:stopped", "1:it could not start, for example because a port is in use", "2:bad options"})
public final class SimulateCommand implements Subcommand {
    private static final int MAX_ACCOUNTS = 1_000;
    private static final int MAX_VAS = 100_000;
    private static final int MAX_LICENSES = 10_000_000;

    @Option(
            names = "--accounts",
            paramLabel = "N",
            description = "Number of Smart Accounts (default: ${DEFAULT-VALUE}).")
    private int accounts = 2;

    @Option(
            names = "--virtual-accounts",
            paramLabel = "N",
            description = "Number of virtual accounts per Smart Account (default: ${DEFAULT-VALUE}).")
    private int virtualAccounts = 6;

    @Option(
            names = "--licenses",
            paramLabel = "N",
            description = "Number of licenses per virtual account (default: ${DEFAULT-VALUE}).")
    private int licenses = 200;

    @Option(
            names = "--seed",
            paramLabel = "N",
            description = "Seed of the generator. The same seed gives the same licenses (default: ${DEFAULT-VALUE}).")
    private long seed = 42;

    @Option(
            names = "--max-page",
            paramLabel = "ROWS",
            description = "Split lists into pages of this many rows at most (default: everything in one answer).")
    private int maxPage;

    @Option(
            names = "--guess",
            description = "Also accept usage reports under /api/v2. No public source confirms that SSM On-Prem does.")
    private boolean guess;

    @Option(
            names = "--host",
            paramLabel = "NAME",
            description =
                    "The host name of the server. It listens on the address of this name (default: ${DEFAULT-VALUE}).")
    private String host = "localhost";

    @Option(
            names = "--port",
            paramLabel = "PORT",
            description = "The port of the API (default: ${DEFAULT-VALUE}; 0: any free port).")
    private int port = 8443;

    @Option(
            names = "--control-port",
            paramLabel = "PORT",
            description = "The port that sets faults (default: ${DEFAULT-VALUE}; 0: any free port).")
    private int controlPort = 8444;

    @Option(
            names = "--logs",
            paramLabel = "DIR",
            description = "Write logs into this folder, in the format of SSM's host.")
    private @Nullable Path logs;

    @Option(names = "--ca", paramLabel = "FILE", description = "Write the CA certificate into this file (PEM).")
    private @Nullable Path ca;

    @Option(
            names = "--client",
            paramLabel = "ID:env:NAME[:GRANT]",
            description = {
                "An API client. Its secret is the value of the environment variable NAME. GRANT is client_credentials"
                        + " (default) or password. May be repeated."
            })
    private List<String> clients = new ArrayList<>();

    @Option(
            names = "--user",
            paramLabel = "NAME:env:NAME",
            description = "An on-prem user, for clients of grant password. May be repeated.")
    private List<String> users = new ArrayList<>();

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        SsmSimulatorBuilder builder = builder(Map.copyOf(System.getenv()));
        StopSignal stop = StopSignal.install();
        try (SsmSimulator ssm = builder.start()) {
            if (ca != null) {
                ssm.authority().writeTo(ca);
            }
            printEndpoints(ssm, spec.commandLine().getOut());
            stop.await();
            return 0;
        } catch (UncheckedIOException unwritable) {
            return fail("The CA cannot be written to " + ca + " (" + reason(unwritable.getCause())
                    + "). Set --ca to a file in an existing folder that this user may write to.");
        } catch (IOException portInUse) {
            return fail("The simulator " + portInUse.getMessage()
                    + "; stop the process that listens there, or set another --port, --control-port or --host.");
        }
    }

    private int fail(String reason) {
        spec.commandLine().getErr().println(reason);
        return 1;
    }

    private static String reason(@Nullable Throwable e) {
        return e instanceof NoSuchFileException ? "its folder does not exist" : String.valueOf(e);
    }

    private InetAddress address() {
        try {
            return InetAddress.getByName(host);
        } catch (UnknownHostException unknown) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--host " + host + " does not resolve: set a name of this machine, for example localhost",
                    unknown);
        }
    }

    private Path logFolder(Path folder) {
        try {
            return Files.createDirectories(folder);
        } catch (IOException e) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--logs " + folder + " cannot be created: set a folder that this user may write to",
                    e);
        }
    }

    private SsmSimulatorBuilder builder(Map<String, String> environment) {
        SsmSimulatorBuilder builder = SsmSimulator.builder()
                .estate(Estate.generate(
                        requireInRange("--accounts", accounts, MAX_ACCOUNTS),
                        requireInRange("--virtual-accounts", virtualAccounts, MAX_VAS),
                        requireInRange("--licenses", licenses, MAX_LICENSES),
                        seed))
                .maxPage(requireInRange("--max-page", maxPage, MAX_LICENSES))
                .guess(guess)
                .host(host)
                .address(address())
                .port(requireInRange("--port", port, 65_535))
                .controlPort(requireInRange("--control-port", controlPort, 65_535));
        try {
            clients.forEach(option -> builder.client(ClientOption.parse(option, environment)));
            for (String option : users) {
                ApiClient user = ClientOption.parse(option, environment);
                builder.user(user.id(), user.secret());
            }
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), "Bad --client or --user: " + e.getMessage(), e);
        }
        return logs == null ? builder : builder.logs(logFolder(logs));
    }

    private int requireInRange(String option, int value, int max) {
        if (value < 0 || value > max) {
            throw new ParameterException(
                    spec.commandLine(), option + " " + value + " is out of range: write 0 to " + max);
        }
        return value;
    }

    private void printEndpoints(SsmSimulator ssm, PrintWriter out) {
        out.println("A simulated SSM On-Prem listens at " + ssm.url() + ". Press Ctrl-C to stop.");
        out.println("Faults: curl " + ssm.control() + ", and curl -X PUT or DELETE " + ssm.control()
                + "/NAME?PARAMETER=VALUE");
        if (clients.isEmpty()) {
            out.println("No API client can log in. Add one with --client ID:env:NAME.");
        } else {
            out.println();
            out.println("For relay.yaml:");
            SiteText.of(ssm, clients.get(0), users, ca).forEach(out::println);
        }
        if (ca == null) {
            out.println();
            out.println("The new CA certificate (--ca FILE writes it to a file):");
            out.print(ssm.authority().pem());
        }
        out.flush();
    }
}
