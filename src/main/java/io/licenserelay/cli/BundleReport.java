package io.licenserelay.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.licenserelay.diagnosis.Diagnosis;
import io.licenserelay.diagnosis.DiagnosisJson;
import io.licenserelay.diagnosis.Rules;
import io.licenserelay.incident.Bundle;
import io.licenserelay.incident.StoredEvidence;
import java.nio.file.Files;
import java.nio.file.Path;

/** What a bundle of evidence tells, read without the relay that wrote it. */
record BundleReport(Path file, Bundle bundle, StoredEvidence stored, Diagnosis diagnosis) {

    /** @throws Complaints.Refusal when it is no bundle, or not as it was written */
    static BundleReport of(Path file, Rules rules) throws Complaints.Refusal {
        if (!Files.isRegularFile(file)) {
            throw new Complaints.Refusal(Complaints.WRONGLY_ASKED, "There is no file " + file + ".");
        }
        try {
            Bundle bundle = Bundle.read(file);
            StoredEvidence stored = bundle.evidence(null);
            return new BundleReport(file, bundle, stored, rules.diagnose(stored.evidence()));
        } catch (StoredEvidence.BadEvidence bad) {
            throw new Complaints.Refusal(Complaints.WRONGLY_ASKED, file + ": " + bad.getMessage() + ".");
        }
    }

    /** @return the doctor's exit code: by the severity that the cause starts with */
    int print(CommandOutput output) throws StoredEvidence.BadEvidence {
        ObjectNode event = event();
        output.print(() -> event, out -> {
            out.println("✓ " + file + ": " + bundle.entries().size() + " entries, every digest is right");
            FailureText.print(event, out);
        });
        return Check.Mark.of(diagnosis.severity()) == Check.Mark.ERROR ? 2 : 1;
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
