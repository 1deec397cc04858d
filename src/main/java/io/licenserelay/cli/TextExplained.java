package io.licenserelay.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.licenserelay.diagnosis.Entry;
import io.licenserelay.diagnosis.Rules;
import java.io.PrintWriter;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * What phrases in a line from a GUI or a log may mean. The JSON has the form of {@link MessageExplained}.
 *
 * @param notes what else may be said of the line
 */
record TextExplained(List<KnownText> texts, List<String> notes, Rules rules) {
    private static final List<String> NEXT = List.of(
            "Run license-relay doctor: it asks the servers themselves, and its probes tell the possible causes apart.",
            "Look in the log that the line comes from for the host, the port and the time that it is about.");

    void print(PrintWriter out) {
        for (KnownText text : texts) {
            Wrapped.print("! ", text.name() + ": " + text.meaning() + causes(text), out);
        }
        notes.forEach(note -> Wrapped.print("– ", note, out));
        Wrapped.print("– ", "The text alone proves no cause: these are possible ones.", out);
        String head = "  next  ";
        int step = 1;
        for (String next : NEXT) {
            Wrapped.print(head + step++ + ". ", next, out);
            head = "        ";
        }
        Set<String> codes = new TreeSet<>();
        texts.forEach(text -> codes.addAll(text.codes()));
        if (!codes.isEmpty()) {
            Wrapped.print("  more  ", "license-relay explain " + String.join(" ", codes), out);
        }
    }

    private static String causes(KnownText text) {
        return text.codes().isEmpty()
                ? " (no cause of the catalogue)"
                : " (possible causes: " + String.join(", ", text.codes()) + ")";
    }

    ObjectNode json() {
        ObjectNode root = JsonNodeFactory.instance.objectNode();
        root.putNull("word").put("cut", false);
        ArrayNode fits = root.putArray("fits");
        for (KnownText text : texts) {
            ObjectNode each = fits.addObject().put("error", text.name()).put("meaning", text.meaning());
            ArrayNode causes = each.putArray("causes");
            text.codes().forEach(code -> causes.addObject()
                    .put("code", code)
                    .put("title", rules.entry(code).map(Entry::title).orElse("")));
        }
        root.putArray("proves");
        notes.forEach(root.putArray("notes")::add);
        NEXT.forEach(root.putArray("next")::add);
        return root;
    }
}
