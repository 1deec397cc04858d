package io.licenserelay.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataFolderTest {
    @TempDir
    Path folder;

    @Test
    void aFolderIsCreatedAndHeldUntilItIsClosed() throws IOException {
        Path data = folder.resolve("not/yet/there");
        try (DataFolder held = DataFolder.take(data).orElseThrow()) {
            assertThat(held.path()).isEqualTo(data).isDirectory();
            assertThat(DataFolder.take(data)).isEmpty();
        }
        try (DataFolder again = DataFolder.take(data).orElseThrow()) {
            assertThat(again.path()).isEqualTo(data);
        }
    }

    @Test
    void aFolderHeldByAnotherProcessIsFreeAsSoonAsThatIsKilled() throws Exception {
        Process other = holder();
        try (BufferedReader says = other.inputReader()) {
            assertThat(says.readLine()).isEqualTo("held");
            assertThat(DataFolder.take(folder)).isEmpty();
            other.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
            Awaitility.await().untilAsserted(() -> {
                try (DataFolder mine = DataFolder.take(folder).orElseThrow()) {
                    assertThat(mine.path()).isEqualTo(folder);
                }
            });
        } finally {
            other.destroyForcibly();
        }
    }

    private Process holder() throws IOException {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        String classes = System.getProperty("java.class.path");
        return new ProcessBuilder(java, "-cp", classes, Holder.class.getName(), folder.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    /** Another process: takes the folder and keeps it until its input ends. */
    static final class Holder {
        private Holder() {}

        public static void main(String[] folders) throws IOException {
            try (DataFolder held = DataFolder.take(Path.of(folders[0])).orElseThrow()) {
                System.out.println("held");
                if (System.in.read() < 0) {
                    System.out.println("freed " + held.path());
                }
            }
        }
    }
}
