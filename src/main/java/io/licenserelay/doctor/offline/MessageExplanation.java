package io.licenserelay.doctor.offline;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.licenserelay.cli.output.WrappedText;
import io.licenserelay.diagnosis.Entry;
import io.licenserelay.diagnosis.Rules;
import java.io.PrintWriter;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What a line from a GUI or a log may mean, that it proves nothing, and what would.
 *
 * @param read the error of a token endpoint in the line; null when the line holds other known phrases only
 * @param notes what else may be said of the line
 */
public record MessageExplanation(
        @Nullable ParsedMessage read, List<Meaning> meanings, List<String> notes, List<String> next, Rules rules) {
    /** A remedy's first steps differ by cause; these tell the causes apart. */
    static final List<String> NEXT = List.of(
            "On SSM On-Prem open API Tool Kit and look at the type of the client with the id in use: the SD-WAN Manager needs"
                    + " a Resource Owner Grant, and API Console Enabled must be on.",
            "Log in to SSM On-Prem by hand as the user in question, once; it must be the user who created the client.",
            "Put the same client id and secret into a site of relay.yaml and run license-relay doctor: it asks under both"
                    + " grants, and the pair of answers proves what neither shows alone.",
            "Look for the whole answer in the log of the client at that moment (vmanage-server.log on the SD-WAN Manager),"
                    + " and in SSM's log for a line of that client's address; a 200 for another address is no answer to it.");

    private static final List<String> NEXT_FOR_TEXT = List.of(
            "Run license-relay doctor: it asks the servers themselves, and its probes tell the possible causes apart.",
            "Look in the log that the line comes from for the host, the port and the time that it is about.");

    /** One thing that the line may say, with the codes of its possible causes. */
    record Meaning(String error, String meaning, Collection<String> codes) {
        private String text(String possible) {
            String causes = codes.isEmpty() ? "no cause of the catalogue" : possible + String.join(", ", codes);
            return error + ": " + meaning + " (" + causes + ")";
        }
    }

    public static MessageExplanation of(ParsedMessage read, Rules rules) {
        List<Meaning> meanings = read.fitting().stream()
                .map(error -> new Meaning(error, ParsedMessage.meaning(error), read.causes(error, rules)))
                .toList();
        return new MessageExplanation(read, meanings, List.of(), NEXT, rules);
    }

    public static MessageExplanation of(List<KnownMessage> texts, List<String> notes, Rules rules) {
        List<Meaning> meanings = texts.stream()
                .map(text -> new Meaning(text.name(), text.meaning(), text.codes()))
                .toList();
        return new MessageExplanation(null, meanings, notes, NEXT_FOR_TEXT, rules);
    }

    /** Whether anything in the line is known. */
    public boolean isKnown() {
        return !meanings.isEmpty() || !notes.isEmpty();
    }

    public void print(PrintWriter out) {
        if (read != null) {
            print(read, out);
        } else {
            meanings.forEach(each -> WrappedText.print("! ", each.text("possible causes: "), out));
            notes.forEach(note -> WrappedText.print("– ", note, out));
            WrappedText.print("– ", "The text alone proves no cause: these are possible ones.", out);
        }
        WrappedText.steps("  next  ", next, out);
        Set<String> codes = new TreeSet<>();
        meanings.forEach(each -> codes.addAll(each.codes()));
        if (!codes.isEmpty()) {
            WrappedText.print("  more  ", "license-relay explain " + String.join(" ", codes), out);
        }
    }

    private void print(ParsedMessage answer, PrintWriter out) {
        String head = answer.cut()
                ? "The message is cut after \"" + answer.word() + "\": " + meanings.size() + " error(s) begin so."
                : "The message tells the whole error: " + answer.word() + ".";
        String proves = meanings.size() > 1
                ? "It proves none of them, and no cause: whatever is done now is a guess."
                : "The error is " + meanings.get(0).error()
                        + ", and that alone proves no cause: servers use the same word" + " for several.";
        WrappedText.print("! ", head, out);
        meanings.forEach(each -> WrappedText.print("  fits  ", each.text("could be "), out));
        WrappedText.print("– ", proves, out);
        WrappedText.print(
                "✓ ",
                "It does show that a token endpoint answered: name, connection and TLS were well at that moment.",
                out);
    }

    public ObjectNode json() {
        ObjectNode root = JsonNodeFactory.instance.objectNode();
        root.put("word", read == null ? null : read.word()).put("cut", read != null && read.cut());
        ArrayNode fits = root.putArray("fits");
        for (Meaning each : meanings) {
            ObjectNode fit = fits.addObject().put("error", each.error()).put("meaning", each.meaning());
            ArrayNode causes = fit.putArray("causes");
            each.codes().forEach(code -> causes.addObject()
                    .put("code", code)
                    .put("title", rules.entry(code).map(Entry::title).orElse("")));
        }
        root.putArray("proves");
        notes.forEach(root.putArray("notes")::add);
        next.forEach(root.putArray("next")::add);
        return root;
    }
}
