package io.licenserelay.cli.output;

import com.fasterxml.jackson.databind.JsonNode;
import io.licenserelay.app.CheckResult.Mark;
import io.licenserelay.config.site.Place;
import io.licenserelay.diagnosis.Severity;
import java.io.PrintWriter;
import java.util.stream.Stream;

/** Prints a failure event in a few lines: time, place, cause and next step. */
public final class EventText {
    private EventText() {}

    public static void print(JsonNode event, PrintWriter out) {
        JsonNode data = event.path("data");
        JsonNode diagnosis = data.path("diagnosis");
        String state = text(data, "state");
        String head = text(event, "time").replaceFirst("\\.[0-9]+", "") + " " + sign(data) + " ";
        boolean resolved = state.equals("resolve");
        WrappedText.print(
                head,
                place(data) + " " + text(data, "flow") + ": " + state + (resolved ? "" : ", " + text(data, "severity"))
                        + ", observed " + Table.times(data.path("occurrences").asLong()) + " since "
                        + text(data, "firstSeenAt").replaceFirst("\\.[0-9]+", ""),
                out);
        WrappedText.print("  event  ", text(data, "summary"), out);
        if (!resolved) {
            WrappedText.print(
                    "  cause  ",
                    text(diagnosis, "title") + " (" + text(diagnosis, "code") + ", " + text(diagnosis, "confidence")
                            + ")",
                    out);
            WrappedText.print(
                    "  next   ",
                    diagnosis.path("remedy").path(0).asText("read the evidence") + " (who acts: "
                            + text(diagnosis, "owner") + ")",
                    out);
        }
        out.println();
    }

    /** The sign that {@code incidents} prints too: {@code ✓} for a resolved incident, otherwise that of the severity. */
    static String sign(JsonNode data) {
        if (data.path("state").asText().equals("resolve")) {
            return Mark.OK.sign();
        }
        String severity = data.path("severity").asText();
        return Stream.of(Severity.values())
                .filter(each -> each.wireName().equals(severity))
                .findFirst()
                .map(Mark::of)
                .orElse(Mark.ERROR)
                .sign();
    }

    /** The place as text. If several virtual accounts failed alike, the summary names them and the place is the account. */
    private static String place(JsonNode data) {
        Place site = Place.site(text(data, "site"));
        if (!data.has("account")) {
            return site.toString();
        }
        Place account = site.account(text(data, "account"));
        JsonNode vas = data.path("virtualAccounts");
        return (vas.size() == 1 ? account.va(vas.path(0).asText()) : account).toString();
    }

    private static String text(JsonNode node, String field) {
        return node.path(field).asText();
    }
}
