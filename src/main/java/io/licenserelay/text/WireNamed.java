package io.licenserelay.text;

import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** A constant with a name in configuration, events and commands: the Java name in lower case with hyphens, {@code catch-up}. */
public interface WireNamed {
    /** The Java name, which every enum has. */
    String name();

    /** The name used outside of the relay. */
    default String wireName() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** The constant with this wire name, as given from outside; empty if there is none. */
    static <E extends Enum<E> & WireNamed> Optional<E> find(Class<E> type, String wireName) {
        return Stream.of(type.getEnumConstants())
                .filter(constant -> constant.wireName().equals(wireName))
                .findFirst();
    }

    /**
     * The constant with this wire name, as the relay stored it.
     *
     * @throws IllegalArgumentException if there is none
     */
    static <E extends Enum<E> & WireNamed> E of(Class<E> type, String wireName) {
        return find(type, wireName)
                .orElseThrow(() ->
                        new IllegalArgumentException("\"" + wireName + "\" is not a valid " + type.getSimpleName()));
    }
}
