package io.licenserelay.config.yaml;

import io.licenserelay.text.WireNamed;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Parses names, words and texts. */
public final class TextValues {
    private static final int MAX_LENGTH = 1024;
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");

    private TextValues() {}

    /** A text of one line that is not blank. */
    public static String text(String given) throws BadValue {
        if (given.isBlank()) {
            throw new BadValue("the value is empty", "write a text, or remove the key");
        }
        if (given.length() > MAX_LENGTH || given.chars().anyMatch(Character::isISOControl)) {
            throw new BadValue(
                    "the value is not a text of one line",
                    "write at most " + MAX_LENGTH + " characters without line ends");
        }
        return given;
    }

    /** A name that can be part of file names, keys and addresses. */
    public static String name(String given) throws BadValue {
        if (NAME.matcher(given).matches()) {
            return given;
        }
        throw new BadValue(
                '"' + given + "\" is not a valid name",
                "start with a letter or digit; then use letters, digits and . _ -, at most 64 characters");
    }

    /** An absolute path, resolved against the working directory. */
    public static Path path(String given) throws BadValue {
        try {
            return Path.of(text(given)).toAbsolutePath().normalize();
        } catch (InvalidPathException e) {
            throw new BadValue('"' + given + "\" is not a valid path: " + e.getReason(), "write the path of a file");
        }
    }

    /** One word of a closed list. */
    public static ValueParser<String> word(String... all) {
        return given -> {
            if (!List.of(all).contains(given)) {
                throw new BadValue('"' + given + "\" is unknown", Spelling.fix(given, List.of(all)));
            }
            return given;
        };
    }

    /** One constant of an enum by its wire name. */
    public static <E extends Enum<E> & WireNamed> ValueParser<E> word(Class<E> type) {
        ValueParser<String> word =
                word(Stream.of(type.getEnumConstants()).map(WireNamed::wireName).toArray(String[]::new));
        return given -> WireNamed.of(type, word.parse(given));
    }
}
