package io.licenserelay.config.web;

import io.licenserelay.config.yaml.TextFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads users and their bcrypt hashes from a file, as {@code htpasswd -B} writes it. */
public final class UserHashes {
    private static final int LARGEST = 256 * 1024;

    /** A hash of a lower cost protects nothing; one of a higher cost would let a login last for seconds. */
    private static final int LOWEST_COST = 5;

    private static final int HIGHEST_COST = 14;
    private static final Pattern LINE =
            Pattern.compile("([^:\\s][^:\\p{Cntrl}]{0,99}):(\\$2[aby]\\$([0-9]{2})\\$[./A-Za-z0-9]{53})");

    private UserHashes() {}

    /**
     * The hash of each user.
     *
     * @throws IOException if the file cannot be read or a line is not valid; the message names the line and the fix, and never a hash
     */
    public static Map<String, String> read(Path file) throws IOException {
        String text = new String(TextFile.bytes(file, LARGEST), StandardCharsets.UTF_8);
        Map<String, String> hashes = new LinkedHashMap<>();
        int number = 0;
        for (String line : text.split("\\R", -1)) {
            number++;
            if (line.isBlank() || line.startsWith("#")) {
                continue;
            }
            Matcher matcher = LINE.matcher(line.strip());
            if (!matcher.matches()) {
                throw new IOException(file + ":" + number
                        + ": not a user with a bcrypt hash: write the line with htpasswd -B, as name:$2y$…");
            }
            int cost = Integer.parseInt(matcher.group(3));
            if (cost < LOWEST_COST || cost > HIGHEST_COST) {
                throw new IOException(file + ":" + number + ": the cost " + cost + " of the hash is not between "
                        + LOWEST_COST + " and " + HIGHEST_COST + ": write it with htpasswd -B -C 10");
            }
            if (hashes.put(matcher.group(1), matcher.group(2)) != null) {
                throw new IOException(file + ":" + number + ": the user occurs twice: keep one of the lines");
            }
        }
        if (hashes.isEmpty()) {
            throw new IOException(file + " has no user: add one with htpasswd -B " + file + " NAME");
        }
        return Map.copyOf(hashes);
    }
}
