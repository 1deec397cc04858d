package io.licenserelay.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.DataInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Every SQL statement of the compiled classes. The compiler folds the parts of a statement into one constant of the class file; where a part
 * is known only at run time, the constant has a hole.
 */
final class CompiledSql {
    private static final Path CLASSES = Path.of("target/classes/io/licenserelay");
    private static final String HOLE = "\u0001";
    private static final Pattern STATEMENT =
            Pattern.compile("\\s*(SELECT|INSERT|UPDATE|DELETE FROM|WITH|CREATE|DROP|ALTER|PRAGMA|VACUUM|REPLACE) .*");

    /** What the holes of the statements of a class stand for. */
    private static final Map<String, List<String>> HOLES = Map.of(
            "Outbox", List.of("", " WHERE 1 = 1 AND NOT (topic = :topic0 AND record_key = :key0)"),
            "Inventory", List.of("subscription", "device"),
            "LicenseSql", List.of("?", "?, ?"),
            "StagingArea", List.of("license_stage", "subscription_stage", "device_stage"),
            "DeviceContacts", List.of("device_contact", "device_udi"),
            "Ledger",
                    List.of(
                            "state <> :state",
                            "state = :state AND (hold_reason IS DISTINCT FROM :hold OR state_reason IS DISTINCT FROM :reason)"),
            "LedgerView",
                    List.of("starts_at < :start ORDER BY starts_at DESC", "starts_at > :start ORDER BY starts_at"));

    private CompiledSql() {}

    /** A statement, and the simple name of the class that runs it. */
    record Statement(String className, String sql) {
        /** As JDBC takes it. */
        String withQuestionMarks() {
            return sql.replaceAll("<\\w+>", "?").replaceAll("(?<![:\\w]):[a-zA-Z]\\w*", "?");
        }

        @Override
        public String toString() {
            return className + ": " + sql;
        }
    }

    /** The statements that a database refuses, with its reason. It parses each one and describes its parameters. */
    static Map<String, String> refusedBy(Connection connection) throws Exception {
        Map<String, String> refused = new TreeMap<>();
        for (Statement each : ofDomains()) {
            try (PreparedStatement prepared = connection.prepareStatement(each.withQuestionMarks())) {
                assertThat(prepared.getParameterMetaData().getParameterCount()).isNotNegative();
            } catch (SQLException e) {
                refused.put(each.toString(), e.getMessage());
            }
        }
        return refused;
    }

    /** Those outside of package {@code store}. */
    static Set<Statement> ofDomains() throws IOException {
        return statements(file -> !file.startsWith(CLASSES.resolve("store")));
    }

    private static Set<Statement> statements(Predicate<Path> wanted) throws IOException {
        Set<Statement> statements = new LinkedHashSet<>();
        try (Stream<Path> files = Files.walk(CLASSES)) {
            for (Path file : files.filter(each -> each.toString().endsWith(".class"))
                    .filter(wanted)
                    .sorted()
                    .toList()) {
                String name = String.valueOf(file.getFileName()).replaceFirst("[.$].*", "");
                for (String constant : strings(file)) {
                    if (STATEMENT.matcher(constant).matches()) {
                        filled(name, constant).forEach(sql -> statements.add(new Statement(name, sql)));
                    }
                }
            }
        }
        return statements;
    }

    private static List<String> filled(String className, String constant) {
        if (!constant.contains(HOLE)) {
            return List.of(constant);
        }
        List<String> values = HOLES.get(className);
        if (values == null) {
            throw new AssertionError("a statement of " + className + " has a part that is known only at run time;"
                    + " make it a constant, or name its values in CompiledSql: " + constant.replace(HOLE, "…"));
        }
        return values.stream().map(value -> constant.replace(HOLE, value)).toList();
    }

    /** The string constants of a class file (JVM specification, 4.4). */
    private static List<String> strings(Path file) throws IOException {
        try (DataInputStream in = new DataInputStream(Files.newInputStream(file))) {
            in.readLong();
            String[] texts = new String[in.readUnsignedShort()];
            List<Integer> strings = new ArrayList<>();
            for (int i = 1; i < texts.length; i++) {
                int tag = in.readUnsignedByte();
                switch (tag) {
                    case 1 -> texts[i] = in.readUTF();
                    case 8 -> strings.add(in.readUnsignedShort());
                    case 7, 16, 19, 20 -> in.readUnsignedShort();
                    case 15 -> in.skipNBytes(3);
                    case 5, 6 -> {
                        in.readLong();
                        i++;
                    }
                    default -> in.readInt();
                }
            }
            return strings.stream().map(index -> texts[index]).toList();
        }
    }
}
