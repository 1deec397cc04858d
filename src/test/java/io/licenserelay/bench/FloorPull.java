package io.licenserelay.bench;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.licenserelay.config.Configuration;
import io.licenserelay.config.site.Resource;
import io.licenserelay.config.site.Site;
import io.licenserelay.store.Database;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Map;
import org.sqlite.SQLiteConfig;

/**
 * The floor of the pull, in a separate JVM. It reads the same licenses with the JDK's HTTP client and Jackson's tokens,
 * and writes them with plain JDBC batches into the same table of a new database with the same pragmas. It compares
 * nothing, checks nothing and keeps no history.
 */
final class FloorPull {
    private static final int BATCH = 1_000;
    private static final JsonFactory JSON = new JsonFactory();

    private final Site site;
    private final FloorClient client;

    private FloorPull(Site site) throws IOException, InterruptedException {
        this.site = site;
        this.client = new FloorClient(site);
    }

    public static void main(String[] arguments) throws Exception {
        Site site = Configuration.read(Path.of(arguments[0]), System.getenv(), Map.of())
                .sites()
                .get(0);
        Path data = Path.of(arguments[1]);
        long expected = Long.parseLong(arguments[2]);
        FloorPull floor = new FloorPull(site);
        for (String pull : new String[] {"first", "second"}) {
            Path folder = Files.createDirectories(data.resolve(pull));
            Database.open(folder).close();
            ChildJvm.timed(pull, () -> floor.store(folder.resolve("relay.db"), expected));
        }
        long start = System.nanoTime();
        floor.discard(expected);
        ChildJvm.print("wire", ChildJvm.secondsSince(start));
        ChildJvm.print("resident", Relays.peakResidentMegabytes());
    }

    private void store(Path file, long expected) throws IOException, InterruptedException, SQLException {
        SQLiteConfig pragmas = new SQLiteConfig();
        pragmas.setJournalMode(SQLiteConfig.JournalMode.WAL);
        pragmas.setSynchronous(SQLiteConfig.SynchronousMode.FULL);
        try (Connection connection = pragmas.createConnection("jdbc:sqlite:" + file);
                PreparedStatement row = connection.prepareStatement("INSERT INTO license (place_id, name, billing,"
                        + " quantity, in_use, available, reserved, status, ends_at, merged_rows, first_run, changed_run)"
                        + " VALUES (1, ?, ?, ?, ?, ?, ?, ?, ?, 1, 1, 1)")) {
            connection.setAutoCommit(false);
            eachPage(expected, answer -> rows(answer, row));
            connection.commit();
        }
    }

    /** Only reads the bytes, as fast as the server sends them. */
    private void discard(long expected) throws IOException, InterruptedException, SQLException {
        eachPage(expected, answer -> {
            answer.transferTo(OutputStream.nullOutputStream());
            return site.ssm().page() < 0 ? expected : site.ssm().page();
        });
    }

    private interface Answer {
        long read(InputStream body) throws IOException, SQLException;
    }

    /** Requests pages until all licenses are read. */
    private void eachPage(long expected, Answer answer) throws IOException, InterruptedException, SQLException {
        String path = site.ssm()
                .paths()
                .getOrDefault(Resource.LICENSES, "")
                .replace("{account}", site.accounts().get(0));
        for (long read = 0; read < expected; ) {
            String request =
                    "{\"virtualAccounts\":[\"Default\"],\"limit\":" + site.ssm().page() + ",\"offset\":" + read + "}";
            byte[] body = request.getBytes(StandardCharsets.UTF_8);
            try (InputStream received = client.post(path, body, HttpResponse.BodyHandlers.ofInputStream())) {
                read += answer.read(received);
            }
        }
    }

    private static long rows(InputStream body, PreparedStatement row) throws IOException, SQLException {
        long rows = 0;
        try (JsonParser json = JSON.createParser(body)) {
            while (json.nextToken() != JsonToken.START_ARRAY) {
                continue;
            }
            while (json.nextToken() == JsonToken.START_OBJECT) {
                row(json, row);
                row.addBatch();
                if (++rows % BATCH == 0) {
                    row.executeBatch();
                }
            }
        }
        row.executeBatch();
        return rows;
    }

    private static void row(JsonParser json, PreparedStatement row) throws IOException, SQLException {
        row.setNull(8, Types.BIGINT);
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String field = json.currentName();
            json.nextToken();
            switch (field) {
                case "license" -> row.setString(1, json.getText());
                case "billingType" -> row.setString(2, json.getText());
                case "quantity" -> row.setLong(3, json.getValueAsLong());
                case "inUse" -> row.setLong(4, json.getValueAsLong());
                case "available" -> row.setLong(5, json.getValueAsLong());
                case "reserved" -> row.setLong(6, json.getValueAsLong());
                case "status" -> row.setString(7, json.getText());
                case "licenseDetails" -> details(json, row);
                default -> json.skipChildren();
            }
        }
    }

    private static void details(JsonParser json, PreparedStatement row) throws IOException, SQLException {
        while (json.nextToken() != JsonToken.END_ARRAY) {
            if (json.currentToken() == JsonToken.FIELD_NAME
                    && json.currentName().equals("endDate")) {
                if (json.nextToken() == JsonToken.VALUE_STRING) {
                    row.setLong(8, millis(json.getText()));
                }
            }
        }
    }

    private static long millis(String date) {
        return date.length() == 10
                ? LocalDate.parse(date).atStartOfDay(ZoneOffset.UTC).toInstant().toEpochMilli()
                : OffsetDateTime.parse(date).toInstant().toEpochMilli();
    }
}
