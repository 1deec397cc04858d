package io.licenserelay.bench;

import io.licenserelay.simulator.estate.Estate;
import io.licenserelay.simulator.estate.EstateVa;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** An estate of devices and the reports that come of them, the same way for the same seed. Used by one thread. */
public final class SentReports {
    private static final String ACCOUNT = "acme.local";
    private static final String VA = "Lab / Test";

    private final Estate estate = Estate.of();
    private final Path inbox;
    private final Random random;
    private final int devices;
    private final int characters;
    private final List<String> payloads = new ArrayList<>();
    private int files;

    /**
     * @param inbox where files are laid
     * @param devices how many there are
     * @param characters how long a payload is at least
     */
    public SentReports(Path inbox, long seed, int devices, int characters) {
        this.inbox = inbox;
        this.random = new Random(seed);
        this.devices = devices;
        this.characters = characters;
        for (int device = 0; device < devices; device++) {
            va().device("C8000V", serial(device));
        }
    }

    /** Where all devices are. */
    public EstateVa va() {
        return estate.account(ACCOUNT).va(VA);
    }

    public Estate estate() {
        return estate;
    }

    /** Of every report so far. */
    public List<String> payloads() {
        return payloads;
    }

    private static String serial(int device) {
        return "9ABC" + device;
    }

    /** Lays down a file of some device, with up to so many reports. */
    public void dropOne(int most) {
        drop(serial(random.nextInt(devices)), 1 + random.nextInt(most));
    }

    /** Lays down so many files, of one device after the other, with so many reports each. */
    public void drop(int some, int each) {
        for (int file = 0; file < some; file++) {
            drop(serial(file % devices), each);
        }
    }

    /** Lays down a file with so many reports of the device, whole or not at all. */
    private void drop(String serial, int count) {
        StringBuilder content = new StringBuilder("<smartLicense>");
        for (int i = 0; i < count; i++) {
            String payload = payload(serial, payloads.size() + 1);
            payloads.add(payload);
            content.append("<RUMReport><![CDATA[{\"payload\":\"")
                    .append(payload.replace("\"", "\\\""))
                    .append("\",\"signature\":{\"value\":\"signature ")
                    .append(payloads.size())
                    .append("\"}}]]></RUMReport>");
        }
        lay("rum-" + ++files + ".txt", content.append("</smartLicense>").toString());
    }

    /** Lays down an acknowledgement that names the device alone, as those of published samples do. */
    public void acknowledge(String serial) {
        lay(
                "ACK-" + serial + ".xml",
                "<smartLicense><smartLicenseRumAck><data>by hand, for P:C8000V,S:" + serial
                        + "</data></smartLicenseRumAck></smartLicense>");
    }

    private String payload(String serial, int number) {
        String head = "{\"asset_identification\":{\"report_id\":" + number + ",\"instance\":{\"sudi\":"
                + "{\"udi_pid\":\"C8000V\",\"udi_serial_number\":\"" + serial + "\"}}},\"padding\":\"";
        String tail = "\",\"measurements\":[{\"start_time\":1671880245,\"end_time\":1671966644}]}";
        return head + "0".repeat(Math.max(0, characters - head.length() - tail.length())) + tail;
    }

    private void lay(String name, String content) {
        try {
            Files.createDirectories(inbox);
            Path part = Files.writeString(inbox.resolve(name + ".part"), content);
            Files.move(part, inbox.resolve(name), StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
