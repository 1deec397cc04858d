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

/** What a line from a GUI may mean, that it proves nothing, and what would. */
record MessageExplained(ReadMessage read, Rules rules) {
    /** A remedy's first steps differ by cause; these tell the causes apart. */
    static final List<String> NEXT = List.of(
            "On SSM On-Prem open API Tool Kit and look at the type of the client with the id in use: the SD-WAN Manager needs"
                    + " a Resource Owner Grant, and API Console Enabled must be on.",
            "Log in to SSM On-Prem by hand as the user in question, once; it must be the user who created the client.",
            "Put the same client id and secret into a site of relay.yaml and run license-relay doctor: it asks under both"
                    + " grants, and the pair of answers proves what neither shows alone.",
            "Look for the whole answer in the log of the client at that moment (vmanage-server.log on the SD-WAN Manager),"
                    + " and in SSM's log for a line of that client's address; a 200 for another address is no answer to it.");

    void print(PrintWriter out) {
        List<String> fitting = read.fitting();
        Wrapped.print(
                "! ", read.cut() ? cutHead(fitting) : "The message tells the whole error: " + read.word() + ".", out);
        for (String error : fitting) {
            Wrapped.print("  fits  ", error + ": " + ReadMessage.meaning(error) + causes(error), out);
        }
        Wrapped.print("– ", proves(fitting), out);
        Wrapped.print(
                "✓ ",
                "It does show that a token endpoint answered: name, connection and TLS were well at that moment.",
                out);
        String head = "  next  ";
        int step = 1;
        for (String next : NEXT) {
            Wrapped.print(head + step++ + ". ", next, out);
            head = "        ";
        }
        Set<String> codes = codes();
        if (!codes.isEmpty()) {
            Wrapped.print("  more  ", "license-relay explain " + String.join(" ", codes), out);
        }
    }

    private String cutHead(List<String> fitting) {
        return "The message is cut after \"" + read.word() + "\": " + fitting.size() + " error(s) begin so.";
    }

    private String causes(String error) {
        Set<String> codes = read.causes(error, rules);
        return codes.isEmpty() ? " (no cause of the catalogue)" : " (could be " + String.join(", ", codes) + ")";
    }

    private String proves(List<String> fitting) {
        if (fitting.size() > 1) {
            return "It proves none of them, and no cause: whatever is done now is a guess.";
        }
        return "The error is " + fitting.get(0) + ", and that alone proves no cause: servers use the same word for"
                + " several.";
    }

    private Set<String> codes() {
        Set<String> codes = new TreeSet<>();
        read.fitting().forEach(error -> codes.addAll(read.causes(error, rules)));
        return codes;
    }

    ObjectNode json() {
        ObjectNode root = JsonNodeFactory.instance.objectNode();
        root.put("word", read.word()).put("cut", read.cut());
        ArrayNode fits = root.putArray("fits");
        for (String error : read.fitting()) {
            ObjectNode each = fits.addObject().put("error", error).put("meaning", ReadMessage.meaning(error));
            ArrayNode causes = each.putArray("causes");
            read.causes(error, rules).forEach(code -> causes.addObject()
                    .put("code", code)
                    .put("title", rules.entry(code).map(Entry::title).orElse("")));
        }
        root.putArray("proves");
        NEXT.forEach(root.putArray("next")::add);
        return root;
    }
}
