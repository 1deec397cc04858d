package io.licenserelay.redact;

import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Finds secrets behind the short options of commands whose options are known; long ones name their secret themselves. */
final class CommandLines implements Rule {
    private static final Pattern TOOL = Pattern.compile("(?<![\\w-])(curl|http|sshpass|mysql|mysqldump|mysqladmin"
            + "|mariadb|docker|podman|helm|oc|redis-cli|ldapsearch|ldapmodify|snmpwalk|snmpget|snmpbulkwalk|snmptrap"
            + "|openssl)(?=\\s)");
    private static final Pattern USER = option("(?:-[A-Za-z]{0,8}[uUa]|--user|--proxy-user|--auth)");
    private static final Pattern ATTACHED = Pattern.compile("\\s-p(?=\\S)");
    private static final Pattern LOGIN = Pattern.compile("(?<=login)[^\\n]{0,200}?\\s-p[ =]");
    private static final Pattern SNMP = option("-[cAX]");
    private static final Map<String, Pattern> OPTIONS = Map.ofEntries(
            Map.entry("curl", USER),
            Map.entry("http", USER),
            Map.entry("sshpass", Pattern.compile("\\s-p\\s{0,4}+")),
            Map.entry("mysql", ATTACHED),
            Map.entry("mysqldump", ATTACHED),
            Map.entry("mysqladmin", ATTACHED),
            Map.entry("mariadb", ATTACHED),
            Map.entry("docker", LOGIN),
            Map.entry("podman", LOGIN),
            Map.entry("helm", LOGIN),
            Map.entry("oc", LOGIN),
            Map.entry("redis-cli", option("-a")),
            Map.entry("ldapsearch", option("-w")),
            Map.entry("ldapmodify", option("-w")),
            Map.entry("snmpwalk", SNMP),
            Map.entry("snmpget", SNMP),
            Map.entry("snmpbulkwalk", SNMP),
            Map.entry("snmptrap", SNMP),
            Map.entry("openssl", Pattern.compile("\\s(?:-pass(?:in|out)?\\s{1,4}+)pass:")));

    private static Pattern option(String letters) {
        return Pattern.compile("\\s" + letters + "(?:[ =]{1,4}+|(?=[\"']))");
    }

    @Override
    public void find(String text, Consumer<Span> found) {
        Matcher tool = TOOL.matcher(text);
        for (int dash = text.indexOf(" -"); dash >= 0; ) {
            if (dash + 2 < text.length()
                    && !Character.isLetter(text.charAt(dash + 2))
                    && text.charAt(dash + 2) != '-') {
                dash = text.indexOf(" -", dash + 2);
                continue;
            }
            int start = text.lastIndexOf('\n', dash) + 1;
            int newline = text.indexOf('\n', dash);
            int end = newline < 0 ? text.length() : newline;
            line(text, tool.region(start, end), end, found);
            dash = text.indexOf(" -", end);
        }
    }

    /** Once a line and tool: a line that names one a thousand times must not be read a thousand times. */
    private static void line(String text, Matcher tool, int end, Consumer<Span> found) {
        Set<String> seen = new HashSet<>();
        while (tool.find()) {
            if (seen.add(tool.group())) {
                options(text, tool.group(), tool.end(), end, found);
            }
        }
    }

    private static void options(String text, String tool, int from, int to, Consumer<Span> found) {
        Pattern pattern = OPTIONS.get(tool);
        if (pattern == null) {
            return;
        }
        Matcher option = pattern.matcher(text).region(from, to).useTransparentBounds(true);
        while (option.find()) {
            int value = option.end();
            boolean quoted = Values.isAt(text, value, '"') || Values.isAt(text, value, '\'');
            int start = quoted ? value + 1 : value;
            int end = quoted ? Values.quotedEnd(text, start, text.charAt(value)) : Values.bareEnd(text, value, false);
            if (pattern == USER) {
                int colon = text.indexOf(':', start);
                start = colon < 0 || colon >= end ? end : colon + 1;
            }
            if (start < end && !Values.isPlaceholder(text.substring(start, end))) {
                found.accept(new Span(start, end, "command-line", null));
            }
        }
    }
}
