package io.licenserelay.reports;

import io.licenserelay.event.Digests;
import io.licenserelay.reports.format.MalformedReport;
import io.licenserelay.reports.format.RumXml;
import io.licenserelay.reports.format.XmlText;
import io.licenserelay.reports.unpack.ArchiveReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A server that does what published samples show and nothing else: a payload is new once, a batch that holds one which is
 * bad or known is refused as a whole, acknowledgements come by poll and later. In trouble it gives some of them or none.
 */
public final class ModelServer {
    private static final Duration INTERVAL = Duration.ofMinutes(5);

    private final Random random;
    private final boolean knowsNonces;
    private final Set<String> bad = new TreeSet<>();
    private final Map<String, Integer> asNew = new TreeMap<>();
    private final Map<String, Taken> byPollId = new HashMap<>();
    private final Map<String, Taken> byNonce = new HashMap<>();
    private boolean troubled = true;
    private long lastId = 77_412_347_487_202_315L;
    private int lastAck;

    /** What came in one submission. */
    private static final class Taken {
        private final Udi udi;
        private final List<String> digests;
        private int patience;

        Taken(Udi udi, List<String> digests, int patience) {
            this.udi = udi;
            this.digests = digests;
            this.patience = patience;
        }
    }

    /** An acknowledgement that somebody downloads. */
    public record Download(String name, byte[] content) {}

    public ModelServer(Random random) {
        this.random = random;
        this.knowsNonces = random.nextBoolean();
    }

    /** It will be refused, however often it comes. */
    public void refuses(String digest) {
        bad.add(digest);
    }

    boolean isBad(String digest) {
        return bad.contains(digest);
    }

    public boolean has(String digest) {
        return asNew.containsKey(digest);
    }

    /** How often each payload was taken as a new one. */
    Map<String, Integer> asNew() {
        return asNew;
    }

    boolean knowsNonces() {
        return knowsNonces;
    }

    /** From now on it answers as it should. */
    public void recover() {
        troubled = false;
    }

    public SubmissionAnswer post(Submission sent) {
        List<String> digests = sent.usage().stream()
                .map(each -> Digests.sha256(each.payload().getBytes(StandardCharsets.UTF_8)))
                .toList();
        if (digests.stream().anyMatch(bad::contains)) {
            return new SubmissionAnswer.Rejected("Signature verification failed", null);
        }
        if (digests.isEmpty() || digests.stream().anyMatch(asNew::containsKey)) {
            return new SubmissionAnswer.Rejected("Duplicate usage report", null);
        }
        digests.forEach(digest -> asNew.merge(digest, 1, Integer::sum));
        Taken taken = new Taken(sent.udi(), digests, random.nextInt(3));
        String pollId = String.valueOf(lastId += 2);
        byPollId.put(pollId, taken);
        byNonce.put(sent.nonce(), taken);
        return new SubmissionAnswer.Accepted(pollId, INTERVAL, "{\"status\":\"OK_POLL\"}");
    }

    public PollAnswer poll(Submission asked) {
        Taken taken =
                asked.pollId() != null ? byPollId.get(asked.pollId()) : knowsNonces ? byNonce.get(asked.nonce()) : null;
        if (taken == null) {
            return new PollAnswer.Refused("Invalid poll id");
        }
        int mood = troubled ? random.nextInt(8) : 8;
        if (mood == 0) {
            return new PollAnswer.Refused("Internal error");
        }
        if (taken.patience-- > 0) {
            return new PollAnswer.NotYet();
        }
        return switch (mood) {
            case 1 -> complete(List.of());
            case 2 -> complete(named(taken, taken.digests.subList(0, random.nextInt(taken.digests.size()))));
            case 3 -> complete(List.of(ack(new Udi("C8000V", "STRANGER"), "for nobody")));
            default -> complete(all(taken));
        };
    }

    private static PollAnswer complete(List<Ack> acks) {
        return new PollAnswer.Complete(acks, "{\"status\":\"COMPLETE\"}");
    }

    /** Whether acknowledgements name their reports is not published; one may stand for all of a device. */
    private List<Ack> all(Taken taken) {
        return switch (random.nextInt(3)) {
            case 0 -> named(taken, taken.digests);
            case 1 -> List.of(ack(taken.udi, "for the device"));
            default ->
                taken.digests.stream().map(each -> ack(taken.udi, "for one")).toList();
        };
    }

    private List<Ack> named(Taken taken, List<String> digests) {
        List<Ack> acks = new ArrayList<>(
                digests.stream().map(each -> ack(taken.udi, "for " + each)).toList());
        Collections.shuffle(acks, random);
        return acks;
    }

    private Ack ack(Udi udi, String text) {
        String base64 = Base64.getEncoder().encodeToString(content(text));
        return Ack.of(udi, base64, "");
    }

    private byte[] content(String text) {
        String data = text + ", number " + ++lastAck;
        return ("<smartLicense><smartLicenseRumAck><data>" + data + "</data></smartLicenseRumAck></smartLicense>")
                .getBytes(StandardCharsets.UTF_8);
    }

    /** The acknowledgement of a report that it has; null when it has none. */
    @Nullable
    public Download download() {
        List<String> digests = List.copyOf(asNew.keySet());
        return digests.isEmpty() ? null : download(digests.get(random.nextInt(digests.size())));
    }

    public Download download(String digest) {
        return new Download("ACK_" + ++lastAck + ".xml", content("for " + digest));
    }

    /** Somebody uploads a bundle: what is new in it is taken; the answer is a file for each of its devices. */
    public List<Download> upload(Path bundle) throws IOException {
        List<Download> acks = new ArrayList<>();
        try (InputStream in = Files.newInputStream(bundle)) {
            new ArchiveReader(1 << 20, new ArchiveReader.Taker() {
                        @Override
                        public void file(String name, byte[] content) {
                            if (!name.endsWith("manifest.mf")) {
                                acks.add(uploaded(name, content));
                            }
                        }

                        @Override
                        public void problem(String name, String reason) {
                            throw new UncheckedIOException(new IOException(name + ": " + reason));
                        }
                    })
                    .open(in);
        }
        return acks;
    }

    private Download uploaded(String name, byte[] content) {
        List<String> lines = new ArrayList<>();
        for (RumReport report : reports(content)) {
            asNew.putIfAbsent(report.digest(), 1);
            lines.add("for " + report.digest());
        }
        String device = name.replaceAll("^.*/dev_(\\d+)_.*$", "$1");
        return new Download("ACK_dev_" + device + "_" + ++lastAck + ".txt", content(String.join(" ", lines)));
    }

    private static List<RumReport> reports(byte[] content) {
        try {
            return RumXml.read(XmlText.decode(content)).reports();
        } catch (MalformedReport e) {
            throw new UncheckedIOException(new IOException(e));
        }
    }
}
