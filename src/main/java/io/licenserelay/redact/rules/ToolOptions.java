package io.licenserelay.redact.rules;

import io.licenserelay.redact.match.RuleTable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** The command-line options whose argument is a secret, from {@code redact/tool-options.txt}. */
final class ToolOptions {
    /** The part of an argument that is the secret. */
    enum Part {
        ALL,
        AFTER_COLON,
        AFTER_LAST_COLON,
        AFTER_PERCENT
    }

    /** @param pattern matches up to the start of the argument */
    record Option(Pattern pattern, Part part) {}

    private static final Map<String, List<Option>> TOOLS = tools();

    private ToolOptions() {}

    /** The options of a tool; empty if the word is not the name of a tool. */
    static List<Option> of(String tool) {
        String name = tool.endsWith(".exe") ? tool.substring(0, tool.length() - 4) : tool;
        return TOOLS.getOrDefault(name, List.of());
    }

    private static Map<String, List<Option>> tools() {
        Map<String, List<Option>> tools = new HashMap<>();
        RuleTable.lines("tool-options.txt").forEach(line -> {
            String[] sides = line.split(" -> ", 2);
            List<Option> options = Arrays.stream(sides[1].split(" ", -1))
                    .map(ToolOptions::option)
                    .toList();
            for (String tool : sides[0].split(" ", -1)) {
                tools.computeIfAbsent(tool, name -> new ArrayList<>()).addAll(options);
            }
        });
        // The argument itself has a type: pass:x, unlike file:x and env:X.
        tools.computeIfAbsent("openssl", name -> new ArrayList<>())
                .add(new Option(
                        Pattern.compile("[\\s\"']-[a-z_]{0,8}pass(?:in|out|word)?[\"',\\s]{1,4}+pass:"), Part.ALL));
        return tools;
    }

    private static Option option(String option) {
        Part part = option.endsWith("::")
                ? Part.AFTER_LAST_COLON
                : option.endsWith(":") ? Part.AFTER_COLON : option.endsWith("%") ? Part.AFTER_PERCENT : Part.ALL;
        String name = option.replaceAll("[:*+%]+$", "");
        if (name.equals("login-p")) {
            return new Option(Pattern.compile("(?<=login)[^\\n]{0,200}?[\\s\"']-p(?:[ =]|[\"'],\\s?)"), part);
        }
        // Short options may be combined: -sku is -s -k -u.
        String joined = part != Part.ALL && name.length() == 2 ? "-[A-Za-z]{0,8}" + name.substring(1) : name;
        String after = option.endsWith("+")
                ? "(?=[^\\s\"',])|(?=[\"'][^\"',\\s])"
                : option.endsWith("*") ? "[\"'],\\s?|[ =]{0,4}+" : "[ =]{1,4}+|(?=[\"'])(?![\"'],)|[\"'],\\s?";
        return new Option(Pattern.compile("[\\s\"']" + joined + "(?:" + after + ")"), part);
    }
}
