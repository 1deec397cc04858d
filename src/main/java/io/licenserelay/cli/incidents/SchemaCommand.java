package io.licenserelay.cli.incidents;

import io.licenserelay.cli.common.CommandErrors;
import io.licenserelay.cli.common.RelayCommand;
import io.licenserelay.cli.output.Table;
import io.licenserelay.config.yaml.Spelling;
import io.licenserelay.event.EventSchemas;
import java.io.PrintWriter;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code events schema}: prints the schemas of the events. */
@Command(
        name = "schema",
        description = {
            "Prints the JSON Schema (2020-12) of an event, or the AsyncAPI 3 document of all topics.",
            "Needs no configuration and no server."
        },
        exitCodeList = {"0:printed", "2:no such schema, or bad options"})
final class SchemaCommand extends RelayCommand {
    private static final int SUGGESTED = 3;

    @Parameters(
            arity = "0..1",
            paramLabel = "NAME",
            description =
                    "The name, for example failure.v1 or asyncapi.yaml, or an event's type. Without it, list the names.")
    private @Nullable String name;

    @Option(names = "--list", description = "List the names, one per line.")
    private boolean list;

    @Override
    public Integer call() throws CommandErrors.Refusal {
        PrintWriter out = out();
        if (name == null || list) {
            EventSchemas.names().forEach(out::println);
        } else {
            out.print(schema(name));
        }
        out.flush();
        return 0;
    }

    private static String schema(String name) throws CommandErrors.Refusal {
        return EventSchemas.text(name).orElseThrow(() -> {
            List<String> near = Spelling.nearest(name, EventSchemas.names(), SUGGESTED);
            String hint = near.isEmpty() ? String.join(", ", EventSchemas.names()) : String.join(", ", near);
            return CommandErrors.usage("Unknown schema " + Table.plain(name) + ". Available: " + hint + ".");
        });
    }
}
