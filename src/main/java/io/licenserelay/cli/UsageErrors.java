package io.licenserelay.cli;

import io.licenserelay.cli.common.CommandErrors;
import io.licenserelay.config.yaml.Spelling;
import java.io.PrintWriter;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** Prints the error for a mistyped command or option: the nearest valid word, or all valid words. */
final class UsageErrors implements IParameterExceptionHandler {

    @Override
    public int handleParseException(ParameterException thrown, String[] arguments) {
        CommandLine line = thrown.getCommandLine();
        PrintWriter err = line.getErr();
        if (thrown instanceof UnmatchedArgumentException unmatched) {
            err.println(suggestion(unmatched, line.getCommandSpec(), arguments));
        } else {
            err.println(thrown.getMessage());
        }
        err.println("See \"" + line.getCommandSpec().qualifiedName() + " --help\".");
        return CommandErrors.USAGE_ERROR;
    }

    /** The subcommands without the internal ones that only the relay itself starts. */
    private static List<String> visible(CommandSpec command) {
        return command.subcommands().entrySet().stream()
                .filter(each -> !each.getValue().getCommandSpec().usageMessage().hidden())
                .map(Map.Entry::getKey)
                .toList();
    }

    private static boolean isOptionOfSubcommand(String option, CommandSpec command) {
        return command.subcommands().values().stream()
                .map(CommandLine::getCommandSpec)
                .anyMatch(each -> each.optionsMap().containsKey(option) || isOptionOfSubcommand(option, each));
    }

    private static String suggestion(UnmatchedArgumentException unmatched, CommandSpec command, String[] arguments) {
        String word = unmatched.getUnmatched().get(0).replaceFirst("=.*", "");
        if (unmatched.isUnknownOption() && isOptionOfSubcommand(word, command)) {
            String subcommand = Stream.of(arguments)
                    .filter(command.subcommands()::containsKey)
                    .findFirst()
                    .orElse("COMMAND");
            return "The option \"" + word + "\" belongs after the command: " + command.qualifiedName() + " "
                    + subcommand + " " + word + " …";
        }
        if (unmatched.isUnknownOption()) {
            return "Unknown option \"" + word + "\": "
                    + Spelling.fix(word, command.optionsMap().keySet());
        }
        if (command.subcommands().isEmpty()) {
            return "Unexpected argument \"" + word + "\": " + command.name() + " accepts options only.";
        }
        return "Unknown command \"" + word + "\": " + Spelling.fix(word, visible(command));
    }
}
