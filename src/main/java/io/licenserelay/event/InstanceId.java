package io.licenserelay.event;

import io.licenserelay.store.OwnerOnly;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.UUID;
import java.util.regex.Pattern;

/** The id of a data folder. It stays the same if the relay is restarted, renamed, updated or moved with its data. */
public final class InstanceId {
    private static final String FILE = "instance-id";
    private static final Pattern UUID_TEXT = Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");

    private InstanceId() {}

    /** Reads the id of the folder, or creates and stores one. If the disk is not writable, the id is valid for this process only. */
    public static String of(Path data) {
        Path file = data.resolve(FILE);
        try {
            String known = Files.exists(file) ? Files.readString(file).strip() : "";
            return UUID_TEXT.matcher(known).matches() ? known : write(file);
        } catch (IOException unreadable) {
            return UUID.randomUUID().toString();
        }
    }

    private static String write(Path file) throws IOException {
        String created = UUID.randomUUID().toString();
        OwnerOnly.write(
                file,
                (created + "\n").getBytes(StandardCharsets.UTF_8),
                StandardOpenOption.CREATE,
                StandardOpenOption.TRUNCATE_EXISTING,
                StandardOpenOption.WRITE);
        return created;
    }
}
