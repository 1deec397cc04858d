package io.licenserelay.store.schema;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a migration after the first one must keep, so that relays of an older version can go on beside the one that migrates. */
final class MigrationRules {
    private static final Pattern RAISES = Pattern.compile("UPDATE schema_support SET oldest_version = (\\d+)");
    private static final String TAKES_SITES = "UPDATE site_owner SET node = NULL, epoch = epoch + 1";
    private static final String HOLDS_WRITES = "UPDATE site_owner SET epoch = epoch";

    private static final Pattern NEW_TABLE = Pattern.compile("(?i)^CREATE TABLE (\\w+)");
    private static final Pattern OLD_TABLE =
            Pattern.compile("(?i)^(?:ALTER TABLE|CREATE UNIQUE INDEX \\w+ ON|DELETE FROM|UPDATE) (\\w+)");
    private static final Pattern REMOVES = Pattern.compile(
            "(?i)\\b(DROP|RENAME|TRUNCATE|TYPE|SET NOT NULL|SET DATA)\\b|\\bCREATE UNIQUE INDEX\\b|\\bADD CONSTRAINT\\b"
                    + "|\\bADD (CHECK|UNIQUE|PRIMARY|FOREIGN)\\b|\\bCREATE TRIGGER\\b|^(DELETE|UPDATE)\\b");
    private static final Pattern REQUIRES =
            Pattern.compile("(?i)\\bADD COLUMN\\b(?=.*\\bNOT NULL\\b)(?!.*\\bDEFAULT\\b)");

    private MigrationRules() {}

    /** The rules that the migration breaks, with the statement; empty if it keeps them. */
    static List<String> brokenBy(int version, String sql) {
        List<String> statements = Arrays.stream(sql.replaceAll("--[^\\n]*", "").split(";"))
                .map(each -> each.strip().replaceAll("\\s+", " "))
                .filter(each -> !each.isEmpty())
                .toList();
        Matcher raises = RAISES.matcher(sql);
        return raises.find()
                ? brokenByRaising(version, Integer.parseInt(raises.group(1)), statements)
                : brokenByAddition(statements);
    }

    /** Relays that are too old lose their sites in the transaction of the migration, before it changes anything. */
    private static List<String> brokenByRaising(int version, int oldest, List<String> statements) {
        List<String> broken = new ArrayList<>();
        if (oldest > version) {
            broken.add("excludes relays of its own version");
        }
        if (!RAISES.matcher(statements.get(0)).matches()
                || statements.size() < 2
                || !statements.get(1).equals(TAKES_SITES)) {
            broken.add("must begin with the update of schema_support and with " + TAKES_SITES);
        }
        return broken;
    }

    private static List<String> brokenByAddition(List<String> statements) {
        List<String> broken = new ArrayList<>();
        if (statements.isEmpty() || !statements.get(0).equals(HOLDS_WRITES)) {
            broken.add("must begin with " + HOLDS_WRITES + ", so that it and a write do not wait for each other");
        }
        Set<String> added = new HashSet<>();
        for (String each : statements.subList(Math.min(1, statements.size()), statements.size())) {
            Matcher creates = NEW_TABLE.matcher(each);
            if (creates.find()) {
                added.add(creates.group(1).toLowerCase(Locale.ROOT));
                continue;
            }
            Matcher changes = OLD_TABLE.matcher(each);
            boolean ofNewTable =
                    changes.find() && added.contains(changes.group(1).toLowerCase(Locale.ROOT));
            if (!ofNewTable
                    && (REMOVES.matcher(each).find() || REQUIRES.matcher(each).find())) {
                broken.add("does more than add: " + each);
            }
        }
        return broken;
    }
}
