package io.licenserelay.ssm.token;

import static org.assertj.core.api.Assertions.assertThat;

import io.licenserelay.fixture.MigratedStore;
import io.licenserelay.fixture.MovableClock;
import io.licenserelay.fixture.QuickPasswordHash;
import io.licenserelay.ssm.token.RejectedCredentials.Credential;
import io.licenserelay.store.Database;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RejectedCredentialsTest {
    @TempDir
    Path folder;

    @Test
    void ofAPasswordOnlyASaltedHashIsKeptThatTakes210000Iterations() throws Exception {
        QuickPasswordHash.remove();
        Credential credential =
                new Credential("hq", "hq/x", "somebody", List.of(new PasswordAttemptLogTest.Fixed("password-1")));
        try (Database database = MigratedStore.open(folder)) {
            RejectedCredentials.keeping(database, new MovableClock()).remember(credential, "invalid_grant", 401);
            Map<String, Object> row = database.read(tx -> tx.createQuery("SELECT * FROM credential_attempt")
                    .mapToMap()
                    .one());
            byte[] salt = HexFormat.of().parseHex((String) row.get("salt"));
            byte[] hash = SecretKeyFactory.getInstance(QuickPasswordHash.ALGORITHM)
                    .generateSecret(new PBEKeySpec("somebody\npassword-1".toCharArray(), salt, 210_000, 256))
                    .getEncoded();
            assertThat(row).containsEntry("hash", HexFormat.of().formatHex(hash));
            assertThat(salt).hasSize(16);
            assertThat(row.values()).noneMatch(value -> String.valueOf(value).contains("password-1"));
        }
    }
}
