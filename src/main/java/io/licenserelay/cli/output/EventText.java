package io.licenserelay.cli.output;

import com.fasterxml.jackson.databind.JsonNode;
import io.licenserelay.config.site.Place;
import java.io.PrintWriter;

/** Prints a failure event in a few lines: time, place, cause and next step. */
public final class EventText {
    private EventText() {}

    public static void print(JsonNode event, PrintWriter out) {
        JsonNode data = event.path("data");
        JsonNode diagnosis = data.path("diagnosis");
        String state = text(data, "state");
        String head = text(event, "time").replaceFirst("\\.[0-9]+", "") + " " + sign(state) + " ";
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

    private static String sign(String state) {
        return switch (state) {
            case "resolve" -> "✓";
            case "update" -> "~";
            default -> "✗";
        };
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
