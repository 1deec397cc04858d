package io.licenserelay.doctor.offline;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.licenserelay.app.CheckResult;
import io.licenserelay.cli.common.ColorOption;
import io.licenserelay.cli.common.CommandErrors;
import io.licenserelay.cli.common.CommandOutput;
import io.licenserelay.cli.output.FailureText;
import io.licenserelay.diagnosis.Diagnosis;
import io.licenserelay.diagnosis.DiagnosisJson;
import io.licenserelay.diagnosis.Rules;
import io.licenserelay.incident.bundle.EvidenceBundle;
import io.licenserelay.incident.bundle.StoredEvidence;
import io.licenserelay.text.Plural;
import java.nio.file.Files;
import java.nio.file.Path;

/** The diagnosis of an evidence bundle, without the relay that wrote it. */
public record BundleReport(Path file, EvidenceBundle bundle, StoredEvidence stored, Diagnosis diagnosis) {

    /** @throws CommandErrors.Refusal if the file is not a bundle, or was changed after it was written */
    public static BundleReport of(Path file, Rules rules) throws CommandErrors.Refusal {
        if (!Files.isRegularFile(file)) {
            throw new CommandErrors.Refusal(CommandErrors.USAGE_ERROR, "There is no file " + file + ".");
        }
        try {
            EvidenceBundle bundle = EvidenceBundle.read(file);
            StoredEvidence stored = bundle.evidence(null);
            return new BundleReport(file, bundle, stored, rules.diagnose(stored.evidence()));
        } catch (StoredEvidence.BadEvidence bad) {
            throw new CommandErrors.Refusal(CommandErrors.USAGE_ERROR, file + ": " + bad.getMessage() + ".");
        }
    }

    /** @return the doctor's exit code, from the initial severity of the cause */
    public int print(CommandOutput output, ColorOption color) throws StoredEvidence.BadEvidence {
        ObjectNode event = event();
        output.print(() -> event, color.colored(out -> {
            out.println("✓ " + file + ": " + Plural.of(bundle.entries().size(), "entry", "entries")
                    + ", all digests match");
            FailureText.print(event, out);
        }));
        return CheckResult.Mark.of(diagnosis.severity()).exitCode();
    }

    /** The published event, with the diagnosis of the current rules. */
    private ObjectNode event() throws StoredEvidence.BadEvidence {
        ObjectNode event = JsonNodeFactory.instance.objectNode();
        ObjectNode data = bundle.event().deepCopy();
        data.set("diagnosis", new DiagnosisJson("urn:license-relay:").of(diagnosis));
        ObjectNode evidence = data.withObject("/evidence");
        evidence.remove("findings");
        stored.findings().forEach(each -> evidence.withArray("/findings")
                .addObject()
                .put("name", each.name())
                .put("phrase", each.phrase()));
        event.set("data", data);
        event.set("manifest", bundle.manifest());
        return event;
    }
}
