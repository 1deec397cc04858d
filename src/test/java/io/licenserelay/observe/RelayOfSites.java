package io.licenserelay.observe;

import io.licenserelay.config.Configuration;
import io.licenserelay.sync.run.Sites;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** Sites of a configuration that the production reader has read: s1, s2 and so on. */
public final class RelayOfSites {
    private RelayOfSites() {}

    public static Sites sites(Path folder, int number) throws Exception {
        StringBuilder yaml = new StringBuilder("sites:\n");
        for (int i = 1; i <= number; i++) {
            yaml.append("  - { name: s").append(i).append(", ssm: { url: 'https://127.0.0.1:1', client: { id: relay,");
            yaml.append(" secret: 'env:SECRET', expires: 2099-01-01 } } }\n");
        }
        Path config = Files.createDirectories(folder.resolve("config"));
        Files.writeString(config.resolve("relay.yaml"), yaml);
        return new Sites(
                Configuration.read(config, folder.resolve("data"), Map.of("SECRET", "not-a-real-secret"), Map.of())
                        .sites());
    }
}
