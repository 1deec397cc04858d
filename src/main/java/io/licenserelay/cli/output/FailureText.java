package io.licenserelay.cli.output;

import com.fasterxml.jackson.databind.JsonNode;
import io.licenserelay.diagnosis.Diagnosis.Confidence;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Prints a failure event: first cause and remedy, then the findings behind the diagnosis. */
public final class FailureText {
    private FailureText() {}

    /** @param event a CloudEvent of the failures topic */
    public static void print(JsonNode event, PrintWriter out) {
        JsonNode data = event.path("data");
        JsonNode diagnosis = data.path("diagnosis");
        out.println(EventText.sign(data) + " " + data.path("state").asText() + "  "
                + data.path("summary").asText());
        if (data.path("state").asText().equals("resolve")) {
            out.flush();
            return;
        }
        out.printf(
                "  cause     %s (%s, %s)%n",
                text(diagnosis, "title"), text(diagnosis, "code"), text(diagnosis, "confidence"));
        int step = 1;
        for (JsonNode remedy : diagnosis.path("remedy")) {
            String head = String.format(Locale.ROOT, "  %-9s %d. ", step == 1 ? "remedy" : "", step++);
            WrappedText.print(head, remedy.asText(), out);
        }
        out.printf("  who acts  %s%n", text(diagnosis, "owner"));
        String head = "because";
        for (JsonNode finding : data.path("evidence").path("findings")) {
            if (isBasedOn(diagnosis, finding)) {
                out.printf("  %-9s %s%n", head, text(finding, "phrase"));
                head = "";
            }
        }
        List<String> ruledOut = new ArrayList<>();
        diagnosis.path("ruledOut").forEach(each -> ruledOut.add(text(each, "code")));
        if (!ruledOut.isEmpty()) {
            WrappedText.print("  ruled out ", String.join(", ", ruledOut), out);
        }
        for (JsonNode other : diagnosis.path("others")) {
            other(otherCause(text(other, "confidence")), other, out);
        }
        for (JsonNode fact : diagnosis.path("sideFacts")) {
            other("besides", fact, out);
        }
        out.flush();
    }

    private static void other(String word, JsonNode other, PrintWriter out) {
        out.printf("  %-9s %s (%s, %s)%n", word, text(other, "title"), text(other, "code"), text(other, "confidence"));
    }

    /** A proven cause exists in addition to the primary cause. Any other may be the real cause in its place. */
    public static String otherCause(Confidence confidence) {
        return otherCause(confidence.wireName());
    }

    private static String otherCause(String confidence) {
        return confidence.equals(Confidence.PROVEN.wireName()) ? "and also" : "or else";
    }

    private static boolean isBasedOn(JsonNode diagnosis, JsonNode finding) {
        for (JsonNode name : diagnosis.path("because")) {
            if (name.asText().equals(finding.path("name").asText())) {
                return true;
            }
        }
        return false;
    }

    private static String text(JsonNode node, String field) {
        return node.path(field).asText();
    }
}
