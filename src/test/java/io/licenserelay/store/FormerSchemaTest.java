package io.licenserelay.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.licenserelay.fixture.FormerStore;
import io.licenserelay.store.schema.SchemaState;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A data folder from before the first release is refused in words that say what to do, and stays as it is. */
class FormerSchemaTest {
    @TempDir
    Path folder;

    private Path data;

    @BeforeEach
    void name() {
        data = folder.resolve("data");
    }

    @Test
    void aFolderOfAnEarlierSnapshotIsRefusedAndStaysAsItIs() throws Exception {
        FormerStore.into(data);
        staysAsItIs();
    }

    @Test
    void soIsOneWhoseRelayWasKilled() throws Exception {
        FormerStore.killedInto(data);
        assertThat(data.resolve("relay.db-wal")).isNotEmptyFile();
        staysAsItIs();
    }

    private void staysAsItIs() throws Exception {
        Map<String, String> before = FormerStore.content(data);
        assertThatThrownBy(() -> Database.reading(data))
                .isInstanceOf(StoreFailed.class)
                .satisfies(this::saysWhatToDo);
        assertThatThrownBy(() -> Database.open(data))
                .isInstanceOf(StoreFailed.class)
                .satisfies(this::saysWhatToDo);
        assertThat(FormerStore.content(data)).isEqualTo(before);
    }

    @Test
    void noSecondProcessWritesIntoIt() throws Exception {
        FormerStore.into(data);
        Map<String, String> before = FormerStore.content(data);
        assertThat(Database.beside(data)).isEmpty();
        assertThat(FormerStore.content(data)).isEqualTo(before);
    }

    @Test
    void onceItIsMovedAsideTheRelayMakesANewOne() throws Exception {
        FormerStore.into(data);
        assertThatThrownBy(() -> Database.open(data)).isInstanceOf(StoreFailed.class);
        Files.move(data, folder.resolve("data.old"));
        Files.createDirectory(data);
        try (Database database = Database.open(data)) {
            assertThat(database.isSound()).isTrue();
        }
    }

    private void saysWhatToDo(Throwable refusal) {
        assertThat(refusal)
                .hasMessageContaining("data folder " + data + " ")
                .hasMessageContaining("mv " + data + " " + data + ".old")
                .hasMessageContaining("Nothing in it was changed")
                .hasMessageNotContaining("former-print");
        StoreFailed refused = (StoreFailed) refusal;
        assertThat(refused.unfitSchema()).contains(SchemaState.Fit.FOREIGN);
        assertThat(refused.isCorrupt()).isFalse();
        assertThat(refused.isUnwritable()).isFalse();
    }
}
