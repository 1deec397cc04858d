package io.licenserelay.evidence.logs.file;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The rotated files of a log, as logrotate and WildFly name them: {@code log.1}, {@code log.2.gz}, {@code log-20260113.gz}. */
public final class Rotations {
    private static final Pattern NUMBER = Pattern.compile("\\.(\\d{1,4})(\\.gz)?");
    private static final Pattern DATE = Pattern.compile("[-.](\\d{4}-?\\d{2}-?\\d{2}(?:[-_.]?\\d{2,10})?)(\\.gz)?");

    /** The maximum number of files of the folder that are checked. */
    private static final int MAX = 10_000;

    private Rotations() {}

    /** The rotated files, newest first: by number, then by date. The log itself may be missing. */
    public static List<Path> of(Path log) throws IOException {
        Path folder = log.toAbsolutePath().getParent();
        Path name = log.getFileName();
        if (folder == null || name == null || !Files.isDirectory(folder)) {
            return List.of();
        }
        List<Rotated> found = new ArrayList<>();
        try (DirectoryStream<Path> neighbours = Files.newDirectoryStream(folder, path -> isOf(name.toString(), path))) {
            for (Path path : neighbours) {
                found.add(Rotated.of(path, suffix(name.toString(), path)));
                if (found.size() == MAX) {
                    break;
                }
            }
        } catch (DirectoryIteratorException unreadable) {
            throw unreadable.getCause();
        }
        return found.stream()
                .sorted(Comparator.comparingInt(Rotated::number)
                        .thenComparing(Rotated::date, Comparator.reverseOrder()))
                .map(Rotated::path)
                .toList();
    }

    public static boolean isCompressed(Path path) {
        return path.toString().endsWith(".gz");
    }

    private static boolean isOf(String log, Path path) {
        String name = String.valueOf(path.getFileName());
        if (!name.startsWith(log)) {
            return false;
        }
        String suffix = suffix(log, path);
        return NUMBER.matcher(suffix).matches() || DATE.matcher(suffix).matches();
    }

    private static String suffix(String log, Path path) {
        return String.valueOf(path.getFileName()).substring(log.length());
    }

    /** @param date the digits of the date, empty if the file is numbered */
    private record Rotated(Path path, int number, String date) {
        public static Rotated of(Path path, String suffix) {
            Matcher number = NUMBER.matcher(suffix);
            if (number.matches()) {
                return new Rotated(path, Integer.parseInt(number.group(1)), "");
            }
            Matcher date = DATE.matcher(suffix);
            return new Rotated(
                    path, Integer.MAX_VALUE, date.matches() ? date.group(1).replaceAll("\\D", "") : "");
        }
    }
}
