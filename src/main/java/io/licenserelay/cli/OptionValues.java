package io.licenserelay.cli;

import java.net.URI;
import java.time.Instant;
import java.time.ZoneId;
import java.util.function.Function;
import picocli.CommandLine;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Describes the expected value of an option in the user's words. Picocli would print a Java type. */
final class OptionValues {
    private OptionValues() {}

    /** Applies to this command line and to its subcommands at the time of the call. */
    static void explain(CommandLine line) {
        ITypeConverter<Integer> whole = converter(Integer::valueOf, "a whole number");
        ITypeConverter<Long> large = converter(Long::valueOf, "a whole number");
        line.registerConverter(Integer.class, whole);
        line.registerConverter(int.class, whole);
        line.registerConverter(Long.class, large);
        line.registerConverter(long.class, large);
        line.registerConverter(Instant.class, converter(Instant::parse, "a time such as 2023-01-13T11:59:03Z"));
        line.registerConverter(ZoneId.class, converter(ZoneId::of, "a time zone such as UTC or Asia/Kolkata"));
        line.registerConverter(URI.class, converter(URI::create, "a URL such as http://proxy.example.net:3128"));
    }

    private static <T> ITypeConverter<T> converter(Function<String, T> parser, String expected) {
        return given -> {
            try {
                return parser.apply(given);
            } catch (RuntimeException e) {
                throw new TypeConversionException("\"" + given + "\" is not " + expected);
            }
        };
    }
}
