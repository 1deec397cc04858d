package io.licenserelay.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import io.licenserelay.text.Json;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.util.function.Consumer;

/** A list of any length as one JSON object, an element at a time. */
final class JsonList {
    private JsonList() {}

    /**
     * Prints {@code {"name":[…]}} and a line end.
     *
     * @param elements hands each element over
     */
    static void print(String name, PrintWriter out, Consumer<Consumer<JsonNode>> elements) throws IOException {
        JsonGenerator generator = Json.MAPPER.createGenerator(out);
        generator.writeStartObject();
        generator.writeArrayFieldStart(name);
        elements.accept(element -> {
            try {
                generator.writeTree(element);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        generator.writeEndArray();
        generator.writeEndObject();
        generator.flush();
        out.println();
    }
}
