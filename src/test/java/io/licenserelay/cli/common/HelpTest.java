package io.licenserelay.cli.common;

import static org.assertj.core.api.Assertions.assertThat;

import io.licenserelay.cli.CommandResult;
import io.licenserelay.cli.LicenseRelay;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

class HelpTest {

    @ParameterizedTest
    @ValueSource(strings = {"run", "sync", "check", "doctor", "explain", "trust", "replay", "demo"})
    void theHelpOfEveryCommandHasUsageFoldersAndExitCodes(String command) {
        CommandResult result = CommandResult.of(command, "--help");
        assertThat(result.exitCode()).isZero();
        assertThat(result.out()).startsWith("Usage: license-relay " + command).contains("--data=DIR", "Exit codes:");
        assertThat(result.err()).isEmpty();
    }

    @Test
    void everyHelpTextUsesTheWidthOfTheTerminal() {
        assertThat(all(LicenseRelay.commandLine())).hasSizeGreaterThan(15).allSatisfy(command -> assertThat(
                        command.getCommandSpec().usageMessage().autoWidth())
                .as(command.getCommandSpec().qualifiedName())
                .isTrue());
    }

    /** Picocli starts a new line for each element, so an element must not end within a sentence. */
    @Test
    void noHelpTextEndsWithinASentence() {
        assertThat(all(LicenseRelay.commandLine()).stream()
                        .map(CommandLine::getCommandSpec)
                        .filter(command -> !command.usageMessage().hidden()
                                && !command.name().equals("help"))
                        .flatMap(command -> texts(command).map(text -> command.qualifiedName() + ": " + text)))
                .hasSizeGreaterThan(100)
                .allMatch(text -> text.matches("(?s).*([.…]|: [^ ]+|[)]|3128|8443)"));
    }

    private static Stream<String> texts(CommandSpec command) {
        Stream<String> options = command.options().stream().flatMap(option -> Stream.of(option.description()));
        Stream<String> parameters =
                command.positionalParameters().stream().flatMap(parameter -> Stream.of(parameter.description()));
        return Stream.of(Stream.of(command.usageMessage().description()), options, parameters)
                .flatMap(texts -> texts);
    }

    private static List<CommandLine> all(CommandLine command) {
        List<CommandLine> commands = new ArrayList<>(List.of(command));
        command.getSubcommands().values().forEach(each -> commands.addAll(all(each)));
        return commands;
    }

    @ParameterizedTest
    @ValueSource(strings = {"check", "doctor", "incidents", "events tail", "sync", "trust"})
    void everyCommandThatPrintsSignsHasTheColorOption(String command) {
        List<String> words = new ArrayList<>(List.of(command.split(" ")));
        words.add("--color=sometimes");
        CommandResult result = CommandResult.of(words.toArray(String[]::new));
        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.err()).contains("--color", "AUTO, ALWAYS, NEVER");
    }

    @Test
    void everyCommandAcceptsTheCommonOptions() {
        // These commands have their own configuration.
        Set<String> others = Set.of("help", "warm-up", "demo", "simulate");
        assertThat(leaves(LicenseRelay.commandLine()))
                .filteredOn(command -> !others.contains(command.getCommandName()))
                .hasSizeGreaterThan(15)
                .allSatisfy(command -> assertThat(
                                command.getCommandSpec().optionsMap().keySet())
                        .as(command.getCommandSpec().qualifiedName())
                        .contains("--config", "--data", "--routes"));
    }

    private static List<CommandLine> leaves(CommandLine command) {
        return command.getSubcommands().isEmpty()
                ? List.of(command)
                : command.getSubcommands().values().stream()
                        .flatMap(each -> leaves(each).stream())
                        .toList();
    }

    /**
     * Three more than the fifteen that fit a screen: who looks for the nodes of a cluster, for deadlines, or for the console finds them under
     * no other command.
     */
    @Test
    void theHelpListsAtMostEighteenCommandsByTask() {
        CommandResult result = CommandResult.of("--help");
        assertThat(LicenseRelay.commandLine().getSubcommands().values())
                .filteredOn(command -> !command.getCommandSpec().usageMessage().hidden())
                .hasSizeLessThanOrEqualTo(18)
                .allSatisfy(
                        command -> assertThat(result.out()).containsOnlyOnce("\n  " + command.getCommandName() + " "));
        assertThat(result.out()).containsSubsequence("Sync licenses:", " run ", "Set up:", " trust ", "Usage reports:");
    }

    @Test
    void theHelpDescribesEveryCommandWithACompleteSentence() {
        assertThat(CommandResult.of("--help").exitCode()).isZero();
        assertThat(LicenseRelay.commandLine().getSubcommands().values())
                .filteredOn(command -> !command.getCommandSpec().usageMessage().hidden())
                .allSatisfy(command -> assertThat(
                                command.getCommandSpec().usageMessage().description()[0])
                        .as(command.getCommandName())
                        .endsWith("."));
    }

    @ParameterizedTest
    @CsvSource({"sync,--sit,--site", "sync,--jsn,--json", "run,--dat=x,--data", "check,--confg,--config"})
    void aMistypedOptionIsReportedWithASuggestion(String command, String mistyped, String right) {
        CommandResult result = CommandResult.of(command, mistyped, "hq");
        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.out()).isEmpty();
        assertThat(result.err())
                .contains("\"" + mistyped.replaceFirst("=.*", "") + "\"", "did you mean \"" + right + "\"?")
                .contains("license-relay " + command + " --help");
    }

    @Test
    void anOptionBeforeItsCommandIsAnsweredWithItsPlace() {
        CommandResult result = CommandResult.of("--config", "elsewhere", "run");
        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.err())
                .contains("The option \"--config\" belongs after the command: license-relay run --config …");
        assertThat(CommandResult.of("reports", "--state=held", "list").err())
                .contains("belongs after the command: license-relay reports list --state …");
        assertThat(CommandResult.of("--cofig", "elsewhere", "run").err()).contains("Unknown option \"--cofig\"");
    }

    @ParameterizedTest
    @CsvSource({"synch,sync", "chek,check", "rum,run", "demoo,demo"})
    void aMistypedCommandIsReportedWithASuggestion(String mistyped, String right) {
        CommandResult result = CommandResult.of(mistyped);
        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.err()).contains("Unknown command \"" + mistyped + "\"", "did you mean \"" + right + "\"?");
    }

    @Test
    void anUnknownCommandIsReportedWithTheAvailableCommands() {
        CommandResult result = CommandResult.of("frobnicate");
        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.err()).contains("available:", "run", "sync", "check").doesNotContain("warm-up");
    }

    @ParameterizedTest
    @CsvSource({
        "doctor,--at=now,a time such as 2023-01-13T11:59:03Z",
        "doctor,--zone=Mars,a time zone such as UTC or Asia/Kolkata",
        "events tail,--lines=x,a whole number",
        "replay,--sequence=x,a whole number"
    })
    void anInvalidValueIsReportedWithTheExpectedForm(String command, String option, String expected) {
        List<String> words = new ArrayList<>(List.of(command.split(" ")));
        words.add(option);
        CommandResult result = CommandResult.of(words.toArray(String[]::new));
        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.err())
                .contains(option.replaceFirst("=.*", ""), "is not " + expected)
                .doesNotContain("java.", "class ", "int");
    }

    @Test
    void anInvalidLogLevelIsReportedWithTheAvailableLevels() {
        assertThat(LogLevel.problem("LOUD"))
                .hasValueSatisfying(text -> assertThat(text).contains("RELAY_LOG_LEVEL", "LOUD", "INFO, DEBUG"));
        assertThat(LogLevel.problem("debug")).isEmpty();
        assertThat(LogLevel.problem(null)).isEmpty();
    }

    @Test
    void aMissingCommandIsReported() {
        CommandResult result = CommandResult.of();
        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.err()).contains("A command is missing.", "license-relay --help");
    }

    @Test
    void anUnexpectedArgumentIsReported() {
        CommandResult result = CommandResult.of("sync", "hq");
        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.err()).contains("Unexpected argument \"hq\"", "license-relay sync --help");
    }
}
