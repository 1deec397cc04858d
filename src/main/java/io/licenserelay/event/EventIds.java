package io.licenserelay.event;

import com.fasterxml.uuid.Generators;
import com.fasterxml.uuid.impl.NameBasedGenerator;
import java.util.UUID;

/** Names what happened by a UUID v5 (RFC 9562), so that telling it again is the same event. */
public final class EventIds {
    /** Drawn once; every id of this product hangs on it. */
    private static final UUID NAMESPACE = UUID.fromString("6f0f5a3e-2a5b-4c62-9d5e-8f5f3f1c7b21");

    private static final NameBasedGenerator GENERATOR = Generators.nameBasedGenerator(NAMESPACE);

    private EventIds() {}

    /** The id of what these words together name; their order counts. */
    public static String of(Object... words) {
        StringBuilder name = new StringBuilder();
        for (Object word : words) {
            name.append(word).append('\n');
        }
        return GENERATOR.generate(name.toString()).toString();
    }
}
