package io.licenserelay.event;

import com.fasterxml.uuid.Generators;
import com.fasterxml.uuid.impl.NameBasedGenerator;
import java.util.UUID;

/** Creates event ids as UUID v5 (RFC 9562) from the content, so that a repeated event has the same id. */
public final class EventIds {
    /** Generated once. All event ids of this product depend on it. */
    private static final UUID NAMESPACE = UUID.fromString("6f0f5a3e-2a5b-4c62-9d5e-8f5f3f1c7b21");

    private static final NameBasedGenerator GENERATOR = Generators.nameBasedGenerator(NAMESPACE);

    private EventIds() {}

    /** The id for these words; their order matters. */
    public static String of(Object... words) {
        StringBuilder name = new StringBuilder();
        for (Object word : words) {
            name.append(word).append('\n');
        }
        return GENERATOR.generate(name.toString()).toString();
    }
}
