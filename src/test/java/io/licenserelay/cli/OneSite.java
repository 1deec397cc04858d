package io.licenserelay.cli;

import io.licenserelay.config.site.Grant;
import io.licenserelay.config.site.Settings;
import io.licenserelay.event.kafka.TopicSetup;
import io.licenserelay.fixture.MigratedStore;
import io.licenserelay.fixture.TempRelay;
import io.licenserelay.fixture.TestStore;
import io.licenserelay.simulator.estate.Estate;
import io.licenserelay.simulator.ssm.SsmSimulator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A simulated SSM and the configuration of site {@code hq} for it, for commands that read it from its folder. */
public final class OneSite implements AutoCloseable {
    /** Once a year, so that no run is due during a test. */
    private static final String YEARLY = "'0 0 0 1 1 ?'";

    private final Path folder;
    private final SsmSimulator ssm;
    private final TempRelay files;

    private OneSite(Path folder, SsmSimulator ssm, TempRelay files) {
        this.folder = folder;
        this.ssm = ssm;
        this.files = files;
    }

    /** Starts a site with account ACME, its virtual accounts Default and Lab, and one license in each. */
    public static OneSite in(Path folder) throws IOException {
        Estate estate = Estate.of();
        estate.account("ACME")
                .va("Default")
                .license("DNA Advantage", 10, 4, "In Compliance")
                .va("Lab")
                .license("DNA Essentials", 5, 1, "In Compliance");
        return in(folder, estate);
    }

    public static OneSite in(Path folder, Estate estate) throws IOException {
        SsmSimulator ssm = SsmSimulator.builder()
                .estate(estate)
                .client("relay", "relay-secret-1", Grant.CLIENT_CREDENTIALS)
                .start();
        Path secret = Files.writeString(folder.resolve("secret"), "relay-secret-1\n");
        TempRelay files = TempRelay.in(folder)
                .store(TestStore.SQLITE)
                .of(ssm)
                .ssm("client", "{ id: relay, secret: 'file:" + secret + "' }")
                .site("schedule", YEARLY);
        return new OneSite(folder, ssm, files);
    }

    public SsmSimulator ssm() {
        return ssm;
    }

    /** The configuration, for changes. Call {@link #write()} afterwards. */
    public TempRelay files() {
        return files;
    }

    /** Writes the configuration. */
    public Settings write() throws Exception {
        return files.configuration().settings();
    }

    public Path config() {
        return folder.resolve("config");
    }

    public Path data() {
        return folder.resolve("data");
    }

    /** Writes the configuration and creates the topics. */
    public Settings writeWithTopics() throws Exception {
        Settings settings = write();
        new TopicSetup(settings).ensure();
        return settings;
    }

    /** Also copies a migrated database, which saves a third of the time of a sync in this JVM. */
    public Settings writeWithTopicsAndStore() throws Exception {
        Settings settings = writeWithTopics();
        MigratedStore.into(data());
        return settings;
    }

    /** Runs a command in this JVM. */
    public CommandResult run(String... command) {
        return CommandResult.of(arguments(command));
    }

    /** Starts a command in a separate process. */
    public RelayProcess start(String... command) throws IOException {
        return RelayProcess.start(folder, arguments(command));
    }

    /** The arguments of a command with the folders of this site. */
    String[] arguments(String... command) {
        List<String> all = new ArrayList<>(List.of(command));
        all.addAll(List.of("--config", config().toString(), "--data", data().toString()));
        return all.toArray(String[]::new);
    }

    @Override
    public void close() throws IOException {
        ssm.close();
    }
}
