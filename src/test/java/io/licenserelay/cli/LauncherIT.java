package io.licenserelay.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The launcher with a program in place of the relay that fills the memory. */
class LauncherIT {
    private static final String PROGRAM = """
            package io.licenserelay.cli;
            public class LicenseRelay {
                public static void main(String[] arguments) {
                    long[][] all = new long[100_000][];
                    for (int i = 0; ; i++) {
                        all[i] = new long[100_000];
                    }
                }
            }
            """;

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"run --data DATA --config x", "sync --data=DATA hq"})
    void anOutOfMemoryErrorIsRecordedInTheDataFolder(String command) throws Exception {
        Path home = home();
        Path data = folder.resolve("the data's folder; $HOME");
        Files.createDirectories(data.resolve("reading"));
        List<String> arguments = Stream.of(command.split(" ", -1))
                .map(each -> each.replace("DATA", data.toString()))
                .toList();
        RelayProcess process = RelayProcess.start(
                folder,
                Stream.concat(
                                Stream.of(
                                        "env",
                                        "RELAY_JAVA_OPTS=-Xmx16m -Xmn4m",
                                        "XDG_CACHE_HOME=" + folder.resolve("cache"),
                                        "sh",
                                        home.resolve("license-relay").toString()),
                                arguments.stream())
                        .toList());
        assertThat(process.exitCode()).as(process.err()).isEqualTo(3);
        assertThat(data.resolve("reading/out-of-memory")).exists();
    }

    private Path home() throws Exception {
        Path home = Files.createDirectories(folder.resolve("home"));
        Path source = Files.createDirectories(folder.resolve("source")).resolve("LicenseRelay.java");
        Files.writeString(source, PROGRAM);
        int compiled = ToolProvider.getSystemJavaCompiler()
                .run(null, null, null, "-d", folder.resolve("classes").toString(), source.toString());
        assertThat(compiled).isZero();
        String name = "io/licenserelay/cli/LicenseRelay.class";
        Path jar = Files.createDirectories(home.resolve("lib")).resolve("relay.jar");
        try (OutputStream out = Files.newOutputStream(jar);
                JarOutputStream content = new JarOutputStream(out)) {
            content.putNextEntry(new JarEntry(name));
            Files.copy(folder.resolve("classes").resolve(name), content);
        }
        Files.copy(Path.of("license-relay"), home.resolve("license-relay"));
        return home;
    }
}
