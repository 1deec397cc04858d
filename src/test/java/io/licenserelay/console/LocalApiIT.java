package io.licenserelay.console;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.licenserelay.fixture.CloudAndRelay;
import io.licenserelay.store.DataFolder;
import io.licenserelay.text.Json;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Which requests the local API accepts, and who can send them. */
class LocalApiIT {
    @RegisterExtension
    final CloudAndRelay cloud = new CloudAndRelay();

    private DataFolder data;
    private LocalApi api;

    @BeforeEach
    void open() throws Exception {
        cloud.push("off").start();
        data = DataFolder.take(cloud.relay().data()).orElseThrow();
        api = LocalApi.start(
                data.path(),
                cloud.relay().relay().asSyncs(),
                cloud.relay().relay().asReportActions());
    }

    @AfterEach
    void close() throws Exception {
        api.close();
        data.close();
    }

    @Test
    void onlyTheOwnerOfTheDataFolderCanReadAddressAndToken() throws Exception {
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file())))
                .isEqualTo("rw-------");
        assertThat(access().path("url").asText()).isEqualTo(api.address()).startsWith("http://127.0.0.1:");
        api.close();
        assertThat(file()).doesNotExist();
    }

    @Test
    void aRequestWithAWrongTokenIsRejected() throws Exception {
        for (String path : new String[] {"/sync", "/reports/import", "/reports/resend"}) {
            assertThat(send("POST", path, "wrong", "{}").statusCode()).as(path).isEqualTo(401);
        }
        assertThat(cloud.ssm().requests().total()).isZero();
    }

    @Test
    void anInvalidRequestIsAnsweredWithTheMatchingStatus() throws Exception {
        String token = access().path("token").asText();
        assertThat(send("GET", "/sync", token, "").statusCode()).isEqualTo(405);
        assertThat(send("POST", "/sync", token, "{\"site\":").statusCode()).isEqualTo(400);
        assertThat(send("POST", "/sync", token, "{\"site\":\"nope\"}").statusCode())
                .isEqualTo(404);
    }

    private HttpResponse<String> send(String method, String path, String token, String body) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create(api.address() + path))
                .header("Authorization", "Bearer " + token)
                .method(method, HttpRequest.BodyPublishers.ofString(body))
                .build();
        return HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
    }

    private JsonNode access() throws Exception {
        return Json.MAPPER.readTree(Files.readString(file()));
    }

    private Path file() {
        return cloud.relay().data().resolve(LocalApi.FILE);
    }
}
