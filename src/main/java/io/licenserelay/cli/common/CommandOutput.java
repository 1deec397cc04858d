package io.licenserelay.cli.common;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import io.licenserelay.cli.output.Table;
import io.licenserelay.cli.output.Terminal;
import io.licenserelay.cli.output.TerminalWriter;
import io.licenserelay.text.Json;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The output of a command: text for people, or with {@code --json} one object for programs. */
public final class CommandOutput {
    @Option(names = "--json", description = "Print one JSON object and nothing else.")
    private boolean json;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    public boolean isJson() {
        return json;
    }

    public PrintWriter err() {
        return spec.commandLine().getErr();
    }

    /** Prints the object with {@code --json}, otherwise the text. */
    public void print(Supplier<?> object, Consumer<PrintWriter> text) {
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(Json.write(object.get()));
        } else {
            text.accept(TerminalWriter.plain(out, Terminal.width(spec)));
        }
        out.flush();
    }

    /**
     * Prints a list: as {@code {"name":[…]}}, element by element without holding the list in memory, or as a table.
     *
     * @param elements calls its argument with each element
     */
    public <T> void list(
            String name,
            List<String> heads,
            Consumer<Consumer<T>> elements,
            Function<T, JsonNode> object,
            Function<T, List<String>> row)
            throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            JsonGenerator generator = Json.MAPPER.createGenerator(out);
            generator.writeStartObject();
            generator.writeArrayFieldStart(name);
            elements.accept(element -> {
                try {
                    generator.writeTree(object.apply(element));
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
            generator.writeEndArray();
            generator.writeEndObject();
            generator.flush();
            out.println();
        } else {
            List<List<String>> rows = new ArrayList<>();
            elements.accept(element -> rows.add(row.apply(element)));
            Table.print(heads, rows, heads.size(), out);
        }
        out.flush();
    }
}
