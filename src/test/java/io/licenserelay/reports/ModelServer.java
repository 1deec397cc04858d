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
 * Simulates a server as published samples show it. The server accepts each payload as new once, rejects a whole batch that contains a bad
 * or known payload, and returns acknowledgements to later polls. While it is troubled, it returns only some acknowledgements or none.
 */
public final class ModelServer {
    private static final Duration INTERVAL = Duration.ofMinutes(5);

    private final Random random;
    private final boolean knowsNonces;
    private final Set<String> bad = new TreeSet<>();
    private final Map<String, Integer> acceptedAsNew = new TreeMap<>();
    private final Map<String, AcceptedBatch> byPollId = new HashMap<>();
    private final Map<String, AcceptedBatch> byNonce = new HashMap<>();
    private boolean troubled = true;
    private long lastId = 77_412_347_487_202_315L;
    private int lastAck;

    /** The reports of one accepted submission. */
    private static final class AcceptedBatch {
        private final Udi udi;
        private final List<String> digests;
        private int notYetAnswers;

        AcceptedBatch(Udi udi, List<String> digests, int notYetAnswers) {
            this.udi = udi;
            this.digests = digests;
            this.notYetAnswers = notYetAnswers;
        }
    }

    /** An acknowledgement file that a user downloads. */
    public record Download(String name, byte[] content) {}

    public ModelServer(Random random) {
        this.random = random;
        this.knowsNonces = random.nextBoolean();
    }

    /** Rejects every submission of this payload. */
    public void rejectFromNowOn(String digest) {
        bad.add(digest);
    }

    boolean isBad(String digest) {
        return bad.contains(digest);
    }

    public boolean has(String digest) {
        return acceptedAsNew.containsKey(digest);
    }

    /** How often each payload was accepted as new. */
    Map<String, Integer> acceptedAsNew() {
        return acceptedAsNew;
    }

    boolean knowsNonces() {
        return knowsNonces;
    }

    /** Ends the trouble: every further answer is correct. */
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
        if (digests.isEmpty() || digests.stream().anyMatch(acceptedAsNew::containsKey)) {
            return new SubmissionAnswer.Rejected("Duplicate usage report", null);
        }
        digests.forEach(digest -> acceptedAsNew.merge(digest, 1, Integer::sum));
        AcceptedBatch batch = new AcceptedBatch(sent.udi(), digests, random.nextInt(3));
        String pollId = String.valueOf(lastId += 2);
        byPollId.put(pollId, batch);
        byNonce.put(sent.nonce(), batch);
        return new SubmissionAnswer.Accepted(pollId, INTERVAL, "{\"status\":\"OK_POLL\"}");
    }

    public PollAnswer poll(Submission submission) {
        AcceptedBatch batch = submission.pollId() != null
                ? byPollId.get(submission.pollId())
                : knowsNonces ? byNonce.get(submission.nonce()) : null;
        if (batch == null) {
            return new PollAnswer.Refused("Invalid poll id");
        }
        int behavior = troubled ? random.nextInt(8) : 8;
        if (behavior == 0) {
            return new PollAnswer.Refused("Internal error");
        }
        if (batch.notYetAnswers-- > 0) {
            return new PollAnswer.NotYet();
        }
        return switch (behavior) {
            case 1 -> complete(List.of());
            case 2 -> complete(acksWithDigests(batch, batch.digests.subList(0, random.nextInt(batch.digests.size()))));
            case 3 -> complete(List.of(ack(new Udi("C8000V", "STRANGER"), "for nobody")));
            default -> complete(acksOf(batch));
        };
    }

    private static PollAnswer complete(List<Ack> acks) {
        return new PollAnswer.Complete(acks, "{\"status\":\"COMPLETE\"}");
    }

    /** Whether acknowledgements contain digests is not published. One acknowledgement may cover all reports of a device. */
    private List<Ack> acksOf(AcceptedBatch batch) {
        return switch (random.nextInt(3)) {
            case 0 -> acksWithDigests(batch, batch.digests);
            case 1 -> List.of(ack(batch.udi, "for the device"));
            default ->
                batch.digests.stream().map(each -> ack(batch.udi, "for one")).toList();
        };
    }

    private List<Ack> acksWithDigests(AcceptedBatch batch, List<String> digests) {
        List<Ack> acks = new ArrayList<>(
                digests.stream().map(each -> ack(batch.udi, "for " + each)).toList());
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

    /** The acknowledgement of a random accepted report, or null if there is none. */
    @Nullable
    public Download download() {
        List<String> digests = List.copyOf(acceptedAsNew.keySet());
        return digests.isEmpty() ? null : download(digests.get(random.nextInt(digests.size())));
    }

    public Download download(String digest) {
        return new Download("ACK_" + ++lastAck + ".xml", content("for " + digest));
    }

    /** Accepts the new reports of an uploaded bundle. Returns one acknowledgement file per device. */
    public List<Download> upload(Path bundle) throws IOException {
        List<Download> acks = new ArrayList<>();
        try (InputStream in = Files.newInputStream(bundle)) {
            new ArchiveReader(1 << 20, new ArchiveReader.FileConsumer() {
                        @Override
                        public void file(String name, byte[] content) {
                            if (!name.endsWith("manifest.mf")) {
                                acks.add(ackOfEntry(name, content));
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

    private Download ackOfEntry(String name, byte[] content) {
        List<String> lines = new ArrayList<>();
        for (RumReport report : reports(content)) {
            acceptedAsNew.putIfAbsent(report.digest(), 1);
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
