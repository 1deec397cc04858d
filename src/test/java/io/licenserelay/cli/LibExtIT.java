package io.licenserelay.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import io.licenserelay.text.Json;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Routes of an operator can use jars in {@code lib-ext/} of the packaged layout: a class as a bean, and a Camel component. */
@Timeout(300)
class LibExtIT {
    private static final Path DIST = Path.of("target", "dist").toAbsolutePath();
    private static final Path MAIL = Path.of("docs/extend/mail.md");
    private static final String KEEPER = """
            package com.example;
            import java.nio.file.*;
            public class Keeper {
                public void keep(String text, String file) throws Exception {
                    Files.writeString(Path.of(file), text);
                }
            }
            """;
    private static final String ROUTE = """
            - route:
                id: keep
                from:
                  uri: direct:after-sync
                  steps:
                    - bean:
                        beanType: com.example.Keeper
                        method: keep(${body}, '{{stored.in}}')
            """;

    @TempDir
    Path folder;

    @Test
    void aRouteCanUseAClassInAJarAsABean() throws Exception {
        Path stored = folder.resolve("stored.json");
        try (OneSite site = OneSite.in(folder)) {
            site.files().setting("stored.in", stored.toString());
            site.writeWithTopics();
            route(site, "58-keep", ROUTE);
            jar();

            RelayProcess sync = RelayProcess.start(folder, launcher(site.arguments("sync")));

            assertThat(sync.exitCode()).as(sync.err()).isZero();
            assertThat(Json.stored(Files.readString(stored), "what was stored")
                            .path("outcome")
                            .asText())
                    .isEqualTo("complete");
        }
    }

    /** The component needs only the jars on the page. */
    @Test
    @Tag("deep")
    @Tag("only-deep")
    void theJarsOnThePageAreEnoughToSendAMail() throws Exception {
        GreenMail mails = new GreenMail(new ServerSetup(0, "127.0.0.1", ServerSetup.PROTOCOL_SMTP));
        mails.setUser("license-relay", "mail-password-1");
        mails.start();
        try (OneSite site = OneSite.in(folder)) {
            site.files()
                    .setting(
                            "mail.server", "smtp://127.0.0.1:" + mails.getSmtp().getPort())
                    .setting("mail.from", "license-relay@example.net")
                    .setting("mail.to", "network-operations@example.net")
                    .setting("mail.user", "license-relay")
                    .setting("mail.password", "mail-password-1")
                    // The mail is sent after the event; a busy machine needs time until Kafka knows a new topic.
                    .setting("relay.kafka.maxBlock", "60s");
            site.writeWithTopics();
            String page = Files.readString(MAIL);
            route(site, "58-mail", groups(page, "(?s)```yaml\n(.*?)```").get(0));
            List<String> jars = groups(page, "`([\\w.-]+\\.jar)`");
            assertThat(jars).hasSize(5);
            for (String jar : jars) {
                Files.createSymbolicLink(libExt().resolve(jar), onClassPath(jar));
            }
            site.ssm().faults().set("bad-gateway");

            RelayProcess sync = RelayProcess.start(folder, launcher(site.arguments("sync")));

            assertThat(sync.exitCode()).as(sync.err()).isEqualTo(1);
            assertThat(mails.getReceivedMessages()).as(sync.err()).hasSize(1);
            assertThat(mails.getReceivedMessages()[0].getSubject()).startsWith("[trigger] hq: ");
        } finally {
            mails.stop();
        }
    }

    private static List<String> groups(String text, String pattern) {
        return Pattern.compile(pattern)
                .matcher(text)
                .results()
                .map((MatchResult match) -> match.group(1))
                .toList();
    }

    private static Path onClassPath(String jar) {
        return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .map(Path::of)
                .filter(path -> jar.equals(String.valueOf(path.getFileName())))
                .findFirst()
                .orElseThrow(() -> new AssertionError(jar + " is not the tested version"));
    }

    private static void route(OneSite site, String name, String yaml) throws IOException {
        Path routes = Files.createDirectories(site.config().resolve("routes.d"));
        Files.writeString(routes.resolve(name + ".camel.yaml"), yaml);
    }

    /** A jar with the class {@code com.example.Keeper}. */
    private void jar() throws IOException {
        Path source = Files.createDirectories(folder.resolve("source")).resolve("Keeper.java");
        Files.writeString(source, KEEPER);
        Path classes = folder.resolve("classes");
        assertThat(ToolProvider.getSystemJavaCompiler()
                        .run(null, null, null, "-d", classes.toString(), source.toString()))
                .isZero();
        String name = "com/example/Keeper.class";
        try (OutputStream out = Files.newOutputStream(libExt().resolve("keeper.jar"));
                JarOutputStream jar = new JarOutputStream(out)) {
            jar.putNextEntry(new JarEntry(name));
            Files.copy(classes.resolve(name), jar);
        }
    }

    private Path libExt() throws IOException {
        return Files.createDirectories(home().resolve("lib-ext"));
    }

    /** The packaged layout of production with a separate {@code lib-ext/}. */
    private Path home() throws IOException {
        Path home = folder.resolve("home");
        if (!Files.exists(home)) {
            Files.createDirectories(home);
            Files.copy(DIST.resolve("license-relay"), home.resolve("license-relay"));
            Files.createSymbolicLink(home.resolve("lib"), DIST.resolve("lib"));
        }
        return home;
    }

    private List<String> launcher(String... arguments) throws IOException {
        return Stream.concat(
                        Stream.of(
                                "env",
                                "XDG_CACHE_HOME=" + folder.resolve("cache"),
                                "RELAY_JAVA_OPTS=-XX:TieredStopAtLevel=1",
                                "sh",
                                home().resolve("license-relay").toString()),
                        Stream.of(arguments))
                .toList();
    }
}
