package io.licenserelay.config.yaml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.licenserelay.config.Configuration;
import io.licenserelay.config.yaml.BadConfiguration.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A configuration folder with its environment. */
public final class Folder {
    public static final String MINIMAL = """
            sites:
              - name: hq
                ssm:
                  url: https://ssm.example.net:8443
                  client: { id: relay, secret: env:SECRET }
            """;

    public final Path path;
    public final Map<String, String> environment = new HashMap<>(Map.of("SECRET", "s3cret"));
    final Map<String, String> properties = new HashMap<>();

    public Folder(Path path) {
        this.path = path;
    }

    public Folder yaml(String text) throws IOException {
        Files.writeString(path.resolve("relay.yaml"), text);
        return this;
    }

    /** Writes a file of {@code sites.d}. */
    public Folder sites(String name, String text) throws IOException {
        Files.writeString(Files.createDirectories(path.resolve("sites.d")).resolve(name), text);
        return this;
    }

    public Folder settings(String text) throws IOException {
        Files.writeString(path.resolve("application.properties"), text);
        return this;
    }

    public Folder variable(String name, String value) {
        environment.put(name, value);
        return this;
    }

    public Folder property(String name, String value) {
        properties.put(name, value);
        return this;
    }

    public Configuration read() throws BadConfiguration {
        return Configuration.read(path, environment, properties);
    }

    List<Problem> problems() {
        BadConfiguration bad = assertThatExceptionOfType(BadConfiguration.class)
                .isThrownBy(this::read)
                .actual();
        assertThat(bad.problems()).isNotEmpty();
        assertThat(bad.getMessage()).contains(bad.problems().get(0).toString());
        return bad.problems();
    }

    /** The problems as the operator reads them, without the path of the folder. */
    public List<String> messages() {
        return problems().stream()
                .map(problem -> problem.toString().replace(path + "/", ""))
                .toList();
    }
}
