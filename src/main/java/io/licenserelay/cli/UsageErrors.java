package io.licenserelay.cli;

import io.licenserelay.cli.common.CommandErrors;
import io.licenserelay.config.yaml.Spelling;
import java.io.PrintWriter;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** What a person sees who mistyped a command or an option: the word that is meant, or the words there are. */
final class UsageErrors implements IParameterExceptionHandler {

    @Override
    public int handleParseException(ParameterException thrown, String[] words) {
        CommandLine line = thrown.getCommandLine();
        PrintWriter err = line.getErr();
        if (thrown instanceof UnmatchedArgumentException unmatched) {
            err.println(meant(unmatched, line.getCommandSpec()));
        } else {
            err.println(thrown.getMessage());
        }
        err.println("\"" + line.getCommandSpec().qualifiedName() + " --help\" tells more.");
        return CommandErrors.WRONGLY_ASKED;
    }

    /** Not those that only the relay itself starts. */
    private static List<String> shown(CommandSpec command) {
        return command.subcommands().entrySet().stream()
                .filter(each -> !each.getValue().getCommandSpec().usageMessage().hidden())
                .map(Map.Entry::getKey)
                .toList();
    }

    private static String meant(UnmatchedArgumentException unmatched, CommandSpec command) {
        String word = unmatched.getUnmatched().get(0).replaceFirst("=.*", "");
        if (unmatched.isUnknownOption()) {
            return "Unknown option \"" + word + "\": "
                    + Spelling.fix(word, command.optionsMap().keySet());
        }
        if (command.subcommands().isEmpty()) {
            return "\"" + word + "\" is not understood here: " + command.name() + " takes options only.";
        }
        return "Unknown command \"" + word + "\": " + Spelling.fix(word, shown(command));
    }
}
