package io.licenserelay.incident.bundle;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The captures of this machine.
 *
 * @param folder the folder of the files, which may not exist
 */
record CaptureFolder(Path folder) implements Captures {
    /** @param evidence the folder of the evidence bundles */
    static CaptureFolder in(Path evidence) {
        return new CaptureFolder(evidence.resolve("captures"));
    }

    @Override
    public Optional<byte[]> read(String incident, String name) throws IOException {
        Path capture = folder.resolve(name);
        return Files.isRegularFile(capture) && Files.size(capture) <= MAX_SIZE
                ? Optional.of(Files.readAllBytes(capture))
                : Optional.empty();
    }
}
