package io.licenserelay.doctor.offline;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.licenserelay.app.CheckResult;
import io.licenserelay.cli.common.CommandErrors;
import io.licenserelay.cli.common.CommandOutput;
import io.licenserelay.cli.output.FailureText;
import io.licenserelay.diagnosis.Diagnosis;
import io.licenserelay.diagnosis.DiagnosisJson;
import io.licenserelay.diagnosis.Rules;
import io.licenserelay.incident.bundle.EvidenceBundle;
import io.licenserelay.incident.bundle.StoredEvidence;
import java.nio.file.Files;
import java.nio.file.Path;

/** What a bundle of evidence tells, read without the relay that wrote it. */
public record BundleReport(Path file, EvidenceBundle bundle, StoredEvidence stored, Diagnosis diagnosis) {

    /** @throws CommandErrors.Refusal when it is no bundle, or not as it was written */
    public static BundleReport of(Path file, Rules rules) throws CommandErrors.Refusal {
        if (!Files.isRegularFile(file)) {
            throw new CommandErrors.Refusal(CommandErrors.WRONGLY_ASKED, "There is no file " + file + ".");
        }
        try {
            EvidenceBundle bundle = EvidenceBundle.read(file);
            StoredEvidence stored = bundle.evidence(null);
            return new BundleReport(file, bundle, stored, rules.diagnose(stored.evidence()));
        } catch (StoredEvidence.BadEvidence bad) {
            throw new CommandErrors.Refusal(CommandErrors.WRONGLY_ASKED, file + ": " + bad.getMessage() + ".");
        }
    }

    /** @return the doctor's exit code: by the severity that the cause starts with */
    public int print(CommandOutput output) throws StoredEvidence.BadEvidence {
        ObjectNode event = event();
        output.print(() -> event, out -> {
            out.println("✓ " + file + ": " + bundle.entries().size() + " entries, every digest is right");
            FailureText.print(event, out);
        });
        return CheckResult.Mark.of(diagnosis.severity()).exitCode();
    }

    /** The event as it was told, with the diagnosis of the rules at hand. */
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
