package io.licenserelay.cli;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.Model.UsageMessageSpec;

/** Lists the commands in {@code --help} by task. */
final class CommandGroups {
    private static final Map<String, List<String>> GROUPS = groups();

    private CommandGroups() {}

    static void listIn(CommandLine line) {
        line.getHelpSectionMap().put(UsageMessageSpec.SECTION_KEY_COMMAND_LIST_HEADING, help -> "");
        line.getHelpSectionMap().put(UsageMessageSpec.SECTION_KEY_COMMAND_LIST, CommandGroups::text);
    }

    private static String text(Help help) {
        StringBuilder text = new StringBuilder();
        Map<String, Help> left = new LinkedHashMap<>(help.subcommands());
        GROUPS.forEach((title, names) -> {
            Map<String, Help> members = new LinkedHashMap<>();
            names.stream().filter(left::containsKey).forEach(name -> members.put(name, left.remove(name)));
            text.append(group(title, members, help));
        });
        return text.append(group("Other", left, help)).toString();
    }

    private static String group(String title, Map<String, Help> members, Help help) {
        return members.isEmpty()
                ? ""
                : System.lineSeparator() + title + ":" + System.lineSeparator() + help.commandList(members);
    }

    private static Map<String, List<String>> groups() {
        Map<String, List<String>> groups = new LinkedHashMap<>();
        groups.put("Sync licenses", List.of("run", "sync", "console"));
        groups.put("Set up", List.of("check", "requirements", "trust", "compat", "routes"));
        groups.put(
                "Find out what is wrong",
                List.of("doctor", "cluster", "incidents", "calendar", "explain", "events", "replay"));
        groups.put("Usage reports", List.of("reports"));
        groups.put("Try it without servers", List.of("demo", "simulate"));
        return groups;
    }
}
