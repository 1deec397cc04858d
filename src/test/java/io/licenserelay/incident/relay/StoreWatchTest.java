package io.licenserelay.incident.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.licenserelay.config.site.Place;
import io.licenserelay.diagnosis.Rules;
import io.licenserelay.evidence.Failure;
import io.licenserelay.evidence.Finding;
import io.licenserelay.evidence.Findings;
import io.licenserelay.evidence.Flow;
import io.licenserelay.evidence.Step;
import io.licenserelay.incident.IncidentReporter;
import io.licenserelay.incident.event.Incident;
import io.licenserelay.incident.event.IncidentRecorder;
import io.licenserelay.store.Database;
import io.licenserelay.store.StoreFailed;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** A damaged file is distinguished from a full disk. */
class StoreWatchTest {
    @RegisterExtension
    final IncidentRecorder recorder = new IncidentRecorder();

    @TempDir
    Path folder;

    @Test
    void aFileThatIsNotADatabaseIsReportedAsDamaged() throws Exception {
        assertThat(damaged().isCorrupt()).isTrue();
        assertThat(damaged()).hasMessageStartingWith("LIC8004: ").hasMessageContaining("keep the file");
    }

    @Test
    void aFolderInsteadOfTheFileIsNotReportedAsDamaged() throws Exception {
        Files.createDirectories(folder.resolve("relay.db"));
        StoreFailed refused = catchThrowableOfType(StoreFailed.class, () -> Database.open(folder));
        assertThat(refused.isCorrupt()).isFalse();
        assertThat(refused).hasMessageContaining("cannot be opened");
    }

    @Test
    void aDamagedFileStaysReportedAlthoughAWriteSucceeds() throws Exception {
        StoreWatch watch = watch();
        watch.failed(damaged());
        watch.check();
        watch.check();
        assertThat(published()).containsExactly("trigger LIC8004 critical relay");
        assertThat(recorder.open()).extracting(Incident::code).containsExactly("LIC8004");
    }

    @Test
    void aLaterProcessThatFindsTheFileIntactResolvesTheIncident() throws Exception {
        StoreWatch watch = watch();
        watch.failed(damaged());
        watch.check();
        watch().check();
        assertThat(published()).containsExactly("trigger LIC8004 critical relay", "resolve LIC8004 info relay");
    }

    @Test
    void aFullDiskIsResolvedWhenAWriteSucceeds() throws Exception {
        StoreWatch watch = watch();
        watch.failed(new IllegalStateException("database or disk is full"));
        watch.check();
        assertThat(published()).containsExactly("trigger LIC8002 critical relay", "resolve LIC8002 info relay");
    }

    @Test
    void aStatementThatTheDatabaseRefusesIsNoOutage() {
        StoreFailed refused = catchThrowableOfType(StoreFailed.class, () -> recorder.database()
                .write(
                        Database.RELAY,
                        tx -> tx.execute("INSERT INTO store_outage (failed_at, message) VALUES (1, NULL)")));
        assertThat(refused.isRefusedStatement()).isTrue();
        StoreWatch watch = watch();
        watch.failed(new IllegalStateException(refused));
        watch.check();
        assertThat(published()).isEmpty();
    }

    @Test
    void aFullDiskDuringAKafkaOutageIsReportedAfterThatOutageAlsoByALaterProcess() {
        recorder.failsBetweenRuns(kafkaUnreachable());
        StoreWatch watch = watch();
        watch.failed(new IllegalStateException("database or disk is full"));
        watch.check();
        watch.check();
        assertThat(published()).containsExactly("trigger LIC8001 warning relay");
        assertThat(recorder.open()).extracting(Incident::code).containsExactly("LIC8001");
        StoreWatch later = watch();
        later.check();
        recorder.recovers(Place.relay(), Flow.RELAY);
        later.check();
        later.check();
        assertThat(published())
                .containsExactly(
                        "resolve LIC8001 info relay", "trigger LIC8002 critical relay", "resolve LIC8002 info relay");
        assertThat(recorder.open()).isEmpty();
    }

    private Failure kafkaUnreachable() {
        List<Finding> findings = List.of(new Finding(Findings.KAFKA_UNREACHABLE, "no broker answers"));
        return Failure.of(Place.relay(), Flow.RELAY, Step.PUBLISH, findings, null, recorder.now());
    }

    private StoreWatch watch() {
        Clock clock = Clock.fixed(recorder.now(), ZoneOffset.UTC);
        return new StoreWatch(recorder.database(), new IncidentReporter(Rules.packed(), recorder.incidents(), clock));
    }

    private StoreFailed damaged() throws IOException {
        Path file = folder.resolve("damaged");
        Files.createDirectories(file);
        Files.writeString(file.resolve("relay.db"), "no database ".repeat(1000), StandardCharsets.UTF_8);
        return catchThrowableOfType(StoreFailed.class, () -> Database.open(file));
    }

    private List<String> published() {
        return recorder.events().stream()
                .map(event -> event.at("/data/state").asText() + " "
                        + event.at("/data/diagnosis/code").asText() + " "
                        + event.at("/data/severity").asText() + " "
                        + event.at("/data/diagnosis/owner").asText())
                .toList();
    }
}
