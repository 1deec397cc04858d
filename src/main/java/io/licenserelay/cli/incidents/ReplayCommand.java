package io.licenserelay.cli.incidents;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.licenserelay.app.member.StoredState;
import io.licenserelay.cli.common.CommandErrors;
import io.licenserelay.cli.common.CommonOptions;
import io.licenserelay.cli.output.JsonDifference;
import io.licenserelay.cli.output.Table;
import io.licenserelay.config.Configuration;
import io.licenserelay.config.yaml.BadConfiguration;
import io.licenserelay.diagnosis.DiagnosisJson;
import io.licenserelay.diagnosis.Rules;
import io.licenserelay.evidence.Flow;
import io.licenserelay.incident.bundle.EvidenceBundle;
import io.licenserelay.incident.bundle.StoredEvidence;
import io.licenserelay.store.Database;
import io.licenserelay.text.BoundedJson;
import io.licenserelay.text.Json;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code replay}: repeats the diagnosis of stored evidence. */
@Command(
        name = "replay",
        mixinStandardHelpOptions = true,
        description = {
            "Diagnoses stored evidence again and prints the diagnosis as JSON, in the form of an event.",
            "Lists the differences from the published diagnosis, so that you can test a changed rule on a past failure."
        },
        exitCodeListHeading = "Exit codes:%n",
        exitCodeList = {
            "0:the same as the published diagnosis, byte for byte, or none was published",
            "1:the diagnosis differs",
            "2:no such evidence, or bad rules or options"
        })
public final class ReplayCommand implements Callable<Integer> {
    private static final String SIDE_FACTS = "sideFacts";
    private static final int LARGEST_FILE = 16 << 20;

    /** Limit of JSON values and names in one file. */
    private static final int MOST_VALUES = 500_000;

    private static final int SUGGESTED = 5;

    @Mixin
    private CommonOptions folders;

    @Parameters(
            paramLabel = "EVIDENCE",
            description = {
                "A bundle (.tar.gz) from data/evidence/, or a JSON file: a failure event, its data or its evidence.",
                "Or an incident in --data: its id, or the key of its records, for example hq/ACME/pull."
            })
    private String evidence = "";

    @Option(
            names = "--rules",
            paramLabel = "FILE",
            description =
                    "Use these rules: a file in place of diagnoses.yaml in --config, or a folder in place of diagnoses.d"
                            + " in --config.")
    private @Nullable Path rules;

    @Option(
            names = "--sequence",
            paramLabel = "N",
            description = "The event of the incident with this sequence (default: the newest).")
    private @Nullable Long sequence;

    @Option(
            names = "--flow",
            paramLabel = "FLOW",
            description = "The flow, for evidence without an event: ${COMPLETION-CANDIDATES}.")
    private @Nullable Flow flow;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        Rules used = rules == null ? Rules.in(folders.config) : Rules.with(folders.config, rules);
        StoredEvidence stored = stored();
        ObjectNode published = stored.published();
        ObjectNode now = new DiagnosisJson(docsBase(published)).of(used.diagnose(stored.evidence()));
        PrintWriter out = spec.commandLine().getOut();
        PrintWriter err = spec.commandLine().getErr();
        out.println(bytes(now));
        out.flush();
        if (published == null) {
            err.println("There is no published diagnosis to compare with.");
            return 0;
        }
        ObjectNode comparable = now.deepCopy();
        stored.cut().forEach(comparable::remove);
        if (!published.has(SIDE_FACTS) && comparable.path(SIDE_FACTS).isEmpty()) {
            // The relay version that published the event had no list of side facts.
            comparable.remove(SIDE_FACTS);
        }
        if (bytes(comparable).equals(bytes(published))) {
            err.println("The same as the published diagnosis"
                    + (stored.cut().isEmpty() ? "." : ", without the fields that were cut: " + stored.cut()));
            return 0;
        }
        err.println("It differs from the published diagnosis:");
        JsonDifference.between(published, comparable).forEach(line -> err.println("  " + Table.plain(line)));
        return CommandErrors.FAILED;
    }

    private StoredEvidence stored() throws CommandErrors.Refusal, BadConfiguration, IOException {
        try {
            Path file = Path.of(evidence);
            if (!Files.isRegularFile(file)) {
                return storedIncident();
            }
            return EvidenceBundle.looksLike(file)
                    ? EvidenceBundle.read(file).evidence(sequence)
                    : StoredEvidence.of(read(file), flow);
        } catch (StoredEvidence.BadEvidence bad) {
            throw new CommandErrors.Refusal(CommandErrors.USAGE_ERROR, evidence + ": " + bad.getMessage() + ".");
        }
    }

    private static JsonNode read(Path file) throws CommandErrors.Refusal {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(LARGEST_FILE + 1);
            if (bytes.length > LARGEST_FILE) {
                throw new CommandErrors.Refusal(
                        CommandErrors.USAGE_ERROR, file + " is not an event: it is larger than 16 MiB.");
            }
            return BoundedJson.tree(bytes, MOST_VALUES);
        } catch (StreamConstraintsException e) {
            throw new CommandErrors.Refusal(
                    CommandErrors.USAGE_ERROR, file + " is not an event: it " + e.getOriginalMessage() + ".");
        } catch (JsonProcessingException e) {
            throw new CommandErrors.Refusal(
                    CommandErrors.USAGE_ERROR,
                    file + ":" + e.getLocation().getLineNr() + ": not valid JSON: " + e.getOriginalMessage());
        } catch (IOException e) {
            throw new CommandErrors.Refusal(CommandErrors.USAGE_ERROR, file + " cannot be read: " + e);
        }
    }

    private StoredEvidence storedIncident() throws CommandErrors.Refusal, BadConfiguration, StoredEvidence.BadEvidence {
        StoredState state = folders.stored();
        Database found = state.reading()
                .orElseThrow(() -> new CommandErrors.Refusal(
                        CommandErrors.USAGE_ERROR,
                        "There is no file " + evidence + ", and no " + CommonOptions.noState(state)));
        try (Database database = found) {
            List<String> newest = StoredEvidence.newest(database, SUGGESTED);
            return StoredEvidence.kept(database, evidence, sequence)
                    .orElseThrow(() -> new CommandErrors.Refusal(CommandErrors.USAGE_ERROR, unknown(state, newest)));
        }
    }

    private String unknown(StoredState state, List<String> newest) {
        String requested = sequence == null ? evidence : evidence + " with sequence " + sequence;
        String known = newest.isEmpty()
                ? ". There are no incidents in " + state + "."
                : ". The newest incidents in " + state + ":\n  " + String.join("\n  ", newest);
        return "There is no file, and no incident with evidence, named " + requested + known;
    }

    /** The base of the links in the published event, so that links never count as a difference. */
    private String docsBase(@Nullable ObjectNode published) throws BadConfiguration {
        if (published == null) {
            return Configuration.settings(folders.config, Map.copyOf(System.getenv()))
                    .docsBase();
        }
        String doc = published.path("doc").asText();
        String code = published.path("code").asText();
        return doc.endsWith(code) ? doc.substring(0, doc.length() - code.length()) : doc;
    }

    /** Serialized exactly as in an event. */
    private static String bytes(JsonNode node) throws JsonProcessingException {
        return new String(Json.MAPPER.writeValueAsBytes(node), StandardCharsets.UTF_8);
    }
}
