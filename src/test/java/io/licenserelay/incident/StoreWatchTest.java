package io.licenserelay.incident;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.licenserelay.diagnosis.Rules;
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

/** A damaged file is another matter than a full disk. */
class StoreWatchTest {
    @RegisterExtension
    final IncidentRecorder recorder = new IncidentRecorder();

    @TempDir
    Path folder;

    @Test
    void aFileThatIsNoDatabaseIsKnownForDamaged() throws Exception {
        assertThat(damaged().isCorrupt()).isTrue();
        assertThat(damaged()).hasMessageStartingWith("LIC8004: ").hasMessageContaining("keep the file");
    }

    @Test
    void aFolderInTheFilesPlaceIsNoDamage() throws Exception {
        Files.createDirectories(folder.resolve("relay.db"));
        StoreFailed refused = catchThrowableOfType(StoreFailed.class, () -> Database.open(folder));
        assertThat(refused.isCorrupt()).isFalse();
        assertThat(refused).hasMessageContaining("cannot be opened");
    }

    @Test
    void aDamagedFileIsToldAsSuchAndIsNotWellAgainBecauseAWriteSucceeds() throws Exception {
        StoreWatch watch = watch();
        watch.failed(damaged());
        watch.check();
        watch.check();
        assertThat(told()).containsExactly("trigger LIC8004 critical relay");
        assertThat(recorder.open()).extracting(Incident::code).containsExactly("LIC8004");
    }

    @Test
    void aLaterProcessThatFindsTheFileSoundSaysSo() throws Exception {
        StoreWatch watch = watch();
        watch.failed(damaged());
        watch.check();
        watch().check();
        assertThat(told()).containsExactly("trigger LIC8004 critical relay", "resolve LIC8004 info relay");
    }

    @Test
    void aFullDiskIsOverAsSoonAsAWriteSucceeds() throws Exception {
        StoreWatch watch = watch();
        watch.failed(new IllegalStateException("database or disk is full"));
        watch.check();
        assertThat(told()).containsExactly("trigger LIC8002 critical relay", "resolve LIC8002 info relay");
    }

    private StoreWatch watch() {
        return new StoreWatch(
                recorder.database(), recorder.incidents(), Rules.packed(), Clock.fixed(recorder.now(), ZoneOffset.UTC));
    }

    private StoreFailed damaged() throws IOException {
        Path file = folder.resolve("damaged");
        Files.createDirectories(file);
        Files.writeString(file.resolve("relay.db"), "no database ".repeat(1000), StandardCharsets.UTF_8);
        return catchThrowableOfType(StoreFailed.class, () -> Database.open(file));
    }

    private List<String> told() {
        return recorder.events().stream()
                .map(event -> event.at("/data/state").asText() + " "
                        + event.at("/data/diagnosis/code").asText() + " "
                        + event.at("/data/severity").asText() + " "
                        + event.at("/data/diagnosis/owner").asText())
                .toList();
    }
}
