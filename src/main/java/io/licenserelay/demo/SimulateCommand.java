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

/** {@code simulate}: an SSM On-Prem to try things on, by itself. */
@Command(
        name = "simulate",
        mixinStandardHelpOptions = true,
        description = {
            "Simulates an SSM On-Prem over TLS, as far as public clients show how one behaves, until Ctrl-C.",
            "Faults are switched over HTTP while it runs; it prints where, and what to put into relay.yaml."
        },
        exitCodeListHeading = "Exit codes:%n",
        exitCodeList = {"0:stopped", "1:it could not start, for example because a port is taken", "2:bad options"})
public final class SimulateCommand implements Subcommand {
    private static final int MOST_ACCOUNTS = 1_000;
    private static final int MOST_VAS = 100_000;
    private static final int MOST_LICENSES = 10_000_000;

    @Option(names = "--accounts", paramLabel = "N", description = "Smart Accounts (default: ${DEFAULT-VALUE}).")
    private int accounts = 2;

    @Option(
            names = "--virtual-accounts",
            paramLabel = "N",
            description = "Virtual accounts of each (default: ${DEFAULT-VALUE}).")
    private int virtualAccounts = 6;

    @Option(
            names = "--licenses",
            paramLabel = "N",
            description = "Licenses of each of these (default: ${DEFAULT-VALUE}).")
    private int licenses = 200;

    @Option(
            names = "--seed",
            paramLabel = "N",
            description = "The same estate for the same number (default: ${DEFAULT-VALUE}).")
    private long seed = 42;

    @Option(
            names = "--max-page",
            paramLabel = "ROWS",
            description = "Page answers, so many rows at most (default: everything in one body).")
    private int maxPage;

    @Option(
            names = "--guess",
            description = "Take usage reports under /api/v2 too; no public source says that SSM On-Prem does.")
    private boolean guess;

    @Option(
            names = "--host",
            paramLabel = "NAME",
            description = "Its name; it listens on that name's address (default: ${DEFAULT-VALUE}).")
    private String host = "localhost";

    @Option(
            names = "--port",
            paramLabel = "PORT",
            description = "Where it listens (default: ${DEFAULT-VALUE}; 0: any).")
    private int port = 8443;

    @Option(
            names = "--control-port",
            paramLabel = "PORT",
            description = "Where faults are switched (default: ${DEFAULT-VALUE}; 0: any).")
    private int controlPort = 8444;

    @Option(names = "--logs", paramLabel = "DIR", description = "Write its log there, as SSM's host does.")
    private @Nullable Path logs;

    @Option(names = "--ca", paramLabel = "FILE", description = "Write the CA's certificate there (PEM).")
    private @Nullable Path ca;

    @Option(
            names = "--client",
            paramLabel = "ID:env:NAME[:GRANT]",
            description = {
                "An API client; its secret is the value of the environment variable NAME; GRANT is client_credentials",
                "(default) or password. May be repeated."
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
        SsmSimulatorBuilder builder = wishes(Map.copyOf(System.getenv()));
        StopSignal stop = StopSignal.install();
        try (SsmSimulator ssm = builder.start()) {
            if (ca != null) {
                ssm.authority().writeTo(ca);
            }
            printEndpoints(ssm, spec.commandLine().getOut());
            stop.await();
            return 0;
        } catch (UncheckedIOException unwritable) {
            return refused("The CA cannot be written to " + ca + " (" + reason(unwritable.getCause())
                    + "): give --ca a file in a folder that exists and that this user may write to.");
        } catch (IOException taken) {
            return refused("The simulator " + taken.getMessage()
                    + "; stop what listens there, or give another --port, --control-port or --host.");
        }
    }

    private int refused(String why) {
        spec.commandLine().getErr().println(why);
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
                    "--host " + host + " does not resolve: give a name of this machine, such as localhost",
                    unknown);
        }
    }

    private Path logFolder(Path wanted) {
        try {
            return Files.createDirectories(wanted);
        } catch (IOException e) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--logs " + wanted + " cannot be made: give a folder that this user may write to",
                    e);
        }
    }

    private SsmSimulatorBuilder wishes(Map<String, String> environment) {
        SsmSimulatorBuilder builder = SsmSimulator.builder()
                .estate(Estate.generate(
                        within("--accounts", accounts, MOST_ACCOUNTS),
                        within("--virtual-accounts", virtualAccounts, MOST_VAS),
                        within("--licenses", licenses, MOST_LICENSES),
                        seed))
                .maxPage(within("--max-page", maxPage, MOST_LICENSES))
                .guess(guess)
                .host(host)
                .address(address())
                .port(within("--port", port, 65_535))
                .controlPort(within("--control-port", controlPort, 65_535));
        try {
            clients.forEach(given -> builder.client(GivenClient.parse(given, environment)));
            for (String given : users) {
                ApiClient pair = GivenClient.parse(given, environment);
                builder.user(pair.id(), pair.secret());
            }
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), "Bad --client or --user: " + e.getMessage(), e);
        }
        return logs == null ? builder : builder.logs(logFolder(logs));
    }

    private int within(String option, int given, int most) {
        if (given < 0 || given > most) {
            throw new ParameterException(
                    spec.commandLine(), option + " " + given + " is out of range: write 0 to " + most);
        }
        return given;
    }

    private void printEndpoints(SsmSimulator ssm, PrintWriter out) {
        out.println("A simulated SSM On-Prem listens at " + ssm.url() + "; Ctrl-C ends it.");
        out.println("Faults: curl " + ssm.control() + ", and curl -X PUT or DELETE " + ssm.control()
                + "/NAME?PARAMETER=VALUE");
        if (clients.isEmpty()) {
            out.println("Nobody may log in: give it an API client by --client ID:env:NAME.");
        } else {
            out.println();
            out.println("For relay.yaml:");
            SiteText.of(ssm, clients.get(0), users, ca).forEach(out::println);
        }
        if (ca == null) {
            out.println();
            out.println("Its CA, made just now (--ca FILE writes it):");
            out.print(ssm.authority().pem());
        }
        out.flush();
    }
}
