package io.licenserelay.config.watch;

import io.licenserelay.config.Configuration;
import io.licenserelay.config.ConfigurationFiles;
import io.licenserelay.config.cluster.NodeSettings;
import io.licenserelay.config.cluster.StoreSettings;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Names what differs from the configuration that the relay was started with, and takes effect only after a restart: the block {@code relay},
 * the settings, and the catalogue of causes.
 */
final class RestartNeeds {
    private final Configuration started;
    private final FileDigests diagnoses;

    /** @param files the files when the relay was started */
    RestartNeeds(Configuration started, FileDigests files) {
        this.started = started;
        this.diagnoses = files.diagnoses();
    }

    List<String> of(Configuration next, FileDigests files) {
        Path folder = next.folder();
        List<String> needs = new ArrayList<>();
        NodeSettings before = started.cluster();
        if (!before.node().equals(next.cluster().node())) {
            needs.add("relay.node in " + folder.resolve(ConfigurationFiles.MAIN));
        }
        if (!isSame(before.store(), next.cluster().store())) {
            needs.add("relay.store in " + folder.resolve(ConfigurationFiles.MAIN));
        }
        if (!started.settings().equals(next.settings())) {
            needs.add("settings in " + folder.resolve("application.properties"));
        }
        diagnoses
                .differences(files.diagnoses())
                .forEach(name -> needs.add(folder.resolve(name).toString()));
        return List.copyOf(needs);
    }

    /** The value of the password is read again at each use, so only its source counts. */
    private static boolean isSame(@Nullable StoreSettings one, @Nullable StoreSettings other) {
        if (one == null || other == null) {
            return one == other;
        }
        return one.url().equals(other.url())
                && one.user().equals(other.user())
                && one.password().source().equals(other.password().source())
                && Objects.equals(one.trust(), other.trust());
    }
}
