package io.licenserelay.cli;

import io.licenserelay.app.RelayVersion;
import io.licenserelay.cli.common.CommandErrors;
import io.licenserelay.cli.common.LogLevel;
import io.licenserelay.cli.incidents.EventsCommand;
import io.licenserelay.cli.incidents.ExplainCommand;
import io.licenserelay.cli.incidents.IncidentsCommand;
import io.licenserelay.cli.incidents.ReplayCommand;
import io.licenserelay.cli.reports.ReportsCommand;
import io.licenserelay.cli.setup.CheckCommand;
import io.licenserelay.cli.setup.CompatCommand;
import io.licenserelay.cli.setup.DoctorCommand;
import io.licenserelay.cli.setup.RequirementsCommand;
import io.licenserelay.cli.setup.RoutesCommand;
import io.licenserelay.cli.setup.TrustCommand;
import java.util.Optional;
import java.util.ServiceLoader;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command line. Exit codes: 0 success, 1 failed, 2 partly done or wrong usage. Each command documents its own. */
@Command(
        name = "license-relay",
        description = "Syncs Cisco Smart Licenses with SSM On-Prem, and diagnoses the cause of each failure.",
        mixinStandardHelpOptions = true,
        versionProvider = RelayVersion.class,
        subcommands = {
            RunCommand.class,
            SyncCommand.class,
            ConsoleCommand.class,
            ClusterCommand.class,
            CheckCommand.class,
            DoctorCommand.class,
            IncidentsCommand.class,
            CalendarCommand.class,
            EventsCommand.class,
            ExplainCommand.class,
            TrustCommand.class,
            RequirementsCommand.class,
            CompatCommand.class,
            RoutesCommand.class,
            ReplayCommand.class,
            ReportsCommand.class,
            WarmUpCommand.class,
            CommandLine.HelpCommand.class
        })
public final class LicenseRelay implements Runnable {
    @Spec
    private CommandSpec spec;

    public static void main(String[] args) {
        // Checked before the first log line: the logging framework would print a stack trace for a wrong level.
        Optional<String> problem = LogLevel.problem(System.getenv(LogLevel.VARIABLE));
        if (problem.isPresent()) {
            System.err.println(problem.get());
            System.exit(CommandErrors.USAGE_ERROR);
        }
        System.exit(commandLine().execute(args));
    }

    /** All commands, including those of other jars on the classpath. */
    public static CommandLine commandLine() {
        CommandLine line = new CommandLine(new LicenseRelay());
        ServiceLoader.load(Subcommand.class).forEach(line::addSubcommand);
        // The command "help" prints the same as --help, so it is not listed.
        line.getSubcommands().values().stream()
                .map(CommandLine::getCommandSpec)
                .filter(command -> command.name().equals("help"))
                .forEach(command -> command.usageMessage().hidden(true));
        OptionValues.explain(line);
        CommandGroups.listIn(line);
        line.setCaseInsensitiveEnumValuesAllowed(true);
        line.setUsageHelpAutoWidth(true);
        line.setExecutionExceptionHandler(new CommandErrors());
        line.setParameterExceptionHandler(new UsageErrors());
        return line;
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "A command is missing.");
    }
}
