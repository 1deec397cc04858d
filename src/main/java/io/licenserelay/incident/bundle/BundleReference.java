package io.licenserelay.incident.bundle;

import java.nio.file.Path;
import java.util.Optional;

/** How an event names the bundle of its incident. */
public sealed interface BundleReference {
    /** The URI of the file, for the extension {@code dataref} of the event; empty if there is none that opens on every machine. */
    Optional<String> uri(String incident);

    /** The command that writes the bundle to a file on any machine with the configuration; empty if there is a URI. */
    Optional<String> command(String incident);

    /** @param folder the folder of the bundles */
    record InFolder(Path folder) implements BundleReference {
        private static final String SUFFIX = ".tar.gz";

        /** The file of an incident, which may not exist. */
        public Path file(String incident) {
            return folder.resolve(incident + SUFFIX);
        }

        @Override
        public Optional<String> uri(String incident) {
            return Optional.of(file(incident).toUri().toString());
        }

        @Override
        public Optional<String> command(String incident) {
            return Optional.empty();
        }
    }

    /** The database of a cluster: a file of one node opens nowhere else. */
    record InDatabase() implements BundleReference {
        @Override
        public Optional<String> uri(String incident) {
            return Optional.empty();
        }

        @Override
        public Optional<String> command(String incident) {
            return Optional.of("license-relay incidents bundle " + incident);
        }
    }
}
