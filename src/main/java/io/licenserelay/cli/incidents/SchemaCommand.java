package io.licenserelay.cli.incidents;

import io.licenserelay.cli.common.CommandErrors;
import io.licenserelay.cli.common.CommonOptions;
import io.licenserelay.cli.output.Table;
import io.licenserelay.config.yaml.Spelling;
import io.licenserelay.event.EventSchemas;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code events schema}: the published shape of events. */
@Command(
        name = "schema",
        mixinStandardHelpOptions = true,
        description = {
            "Prints the JSON Schema (2020-12) of an event, or the AsyncAPI 3 document of all topics.",
            "Needs no configuration and no server."
        },
        exitCodeListHeading = "Exit codes:%n",
        exitCodeList = {"0:printed", "2:no such schema, or bad options"})
final class SchemaCommand implements Callable<Integer> {
    private static final int SUGGESTED = 3;

    @Mixin
    private CommonOptions folders;

    @Parameters(
            arity = "0..1",
            paramLabel = "NAME",
            description = "failure.v1, an event's type, or asyncapi.yaml. Left out: lists the names.")
    private @Nullable String name;

    @Option(names = "--list", description = "List the names, one a line.")
    private boolean list;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws CommandErrors.Refusal {
        PrintWriter out = spec.commandLine().getOut();
        if (name == null || list) {
            EventSchemas.names().forEach(out::println);
        } else {
            out.print(wanted(name));
        }
        out.flush();
        return 0;
    }

    private static String wanted(String name) throws CommandErrors.Refusal {
        return EventSchemas.text(name).orElseThrow(() -> {
            List<String> near = Spelling.nearest(name, EventSchemas.names(), SUGGESTED);
            String hint = near.isEmpty() ? String.join(", ", EventSchemas.names()) : String.join(", ", near);
            return new CommandErrors.Refusal(
                    CommandErrors.WRONGLY_ASKED,
                    "There is no schema " + Table.plain(name) + "; there is " + hint + ".");
        });
    }
}
