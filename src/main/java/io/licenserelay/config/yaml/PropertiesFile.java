package io.licenserelay.config.yaml;

import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;

/** Reads a properties file by logical lines, so that each key has its line number. */
public final class PropertiesFile {
    private final String file;
    private final ConfigurationProblems problems;
    private final Map<String, Setting> settings = new LinkedHashMap<>();

    public PropertiesFile(String file, ConfigurationProblems problems) {
        this.file = file;
        this.problems = problems;
    }

    public Map<String, Setting> parse(String text) {
        List<String> lines = text.lines().toList();
        int first = 0;
        while (first < lines.size()) {
            int last = first;
            while (last < lines.size() - 1 && continues(lines.get(first), lines.get(last))) {
                last++;
            }
            add(String.join("\n", lines.subList(first, last + 1)), first + 1);
            first = last + 1;
        }
        return settings;
    }

    private static boolean continues(String first, String line) {
        boolean comment =
                first.stripLeading().startsWith("#") || first.stripLeading().startsWith("!");
        int backslashes = line.length() - line.replaceFirst("\\\\+$", "").length();
        return !comment && backslashes % 2 == 1;
    }

    private void add(String logicalLine, int line) {
        Properties one = new Properties();
        try {
            one.load(new StringReader(logicalLine));
        } catch (IllegalArgumentException e) {
            problems.add(line, "an invalid \\u escape", "write the character itself; the file is UTF-8");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        for (String key : one.stringPropertyNames()) {
            Setting setting = new Setting(one.getProperty(key), file, line);
            if (settings.putIfAbsent(key, setting) != null) {
                problems.add(line, "key \"" + key + "\" occurs twice", "keep one of the two");
            }
        }
    }
}
