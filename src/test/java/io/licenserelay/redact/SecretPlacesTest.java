package io.licenserelay.redact;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Unknown secrets are found by their position. § marks the position of the secret. */
class SecretPlacesTest {
    private final Redactor redactor = Redactor.of(List.of());

    @ParameterizedTest
    @ValueSource(
            strings = {
                // JSON: compact, with blanks, escaped once and escaped twice
                "{\"client_id\":\"relay\",\"client_secret\":\"§\",\"grant_type\":\"password\"}",
                "{ \"password\" : \"§\" }",
                "{\"username\":\"admin\",\"password\":\"§\"}",
                "body: {\\\"client_secret\\\":\\\"§\\\",\\\"x\\\":1}",
                "body: {\\\\\\\"password\\\\\\\":\\\\\\\"§\\\\\\\"}",
                "{\"ssmServerUrl\":\"https://ssm\",\"ssmClientSecret\":\"§\",\"mode\":\"on-prem\"}",
                "{\"access_token\":\"§\",\"token_type\":\"Bearer\",\"expires_in\":7200}",
                "{\"refresh_token\": \"§\"}",
                "{\"tokenInfo\":{\"token\":\"§\"}}",
                "{\"tokens\":[\"§\"]}",
                "{\"data\":{\"server\":\"vm12\",\"CSRFToken\":\"§\"}}",
                "{\"name\":\"password\",\"value\":\"§\"}",
                "%7B%22password%22%3A%22§%22%7D",
                "{&quot;password&quot;:&quot;§&quot;}",
                "{\"password\":\"§",
                // forms and queries
                "grant_type=password&username=admin&password=§&client_id=x&client_secret=zzz0",
                "POST /oauth/token?client_secret=§&grant_type=client_credentials HTTP/1.1",
                "GET /x?access_token=§ HTTP/1.1\" 200",
                "j_username=admin&j_password=§",
                "user[password]=§&user[name]=x",
                "<a href=\"/x?token=§&amp;y=1\">",
                // headers
                "Authorization: Bearer §",
                "authorization: Basic §",
                "> Proxy-Authorization: Basic §",
                "X-XSRF-TOKEN: §",
                "Cookie: JSESSIONID=§; theme=dark",
                "Set-Cookie: JSESSIONID=§; Path=/; Secure; HttpOnly",
                "2023-01-13 DEBUG headers={Accept=*/*, Authorization=Bearer §, Host=x}",
                "{Authorization=[Bearer §], Accept=[*/*]}",
                "\"HTTP_AUTHORIZATION\"=>\"Bearer §\"",
                "http-outgoing-0 >> \"Authorization: Bearer §[\\r][\\n]\"",
                "Authorization: Bearer §\\r\\nHost: ssm.example.net\\r\\n",
                "request failed with Bearer §, giving up",
                // Java maps, Ruby hashes, Python
                "{password=§, user=admin}",
                "{user=admin, password=§}",
                "ClientConfig[id=x, secret=§]",
                "Parameters: {\"username\"=>\"x\", \"password\"=>\"§\"}",
                "{:user=>\"x\", :password=>\"§\"}",
                "{'password': '§', 'user': 'x'}",
                "{'password': u'§'}",
                "SELECT 1 LIMIT $2  [[\"token\", \"§\"], [\"LIMIT\", 1]]",
                "Set-Cookie: [a=b, c=§]",
                // XML
                "<user><name>x</name><password>§</password></user>",
                "<wsse:Password Type=\"PasswordText\">§</wsse:Password>",
                "<ns2:clientSecret><![CDATA[§]]></ns2:clientSecret>",
                "<server host=\"x\" password=\"§\"/>",
                "<server host='x' password='§'/>",
                "<property name=\"password\" value=\"§\"/>",
                "<entry key=\"db.password\">§</entry>",
                "&lt;password&gt;§&lt;/password&gt;",
                // YAML, properties, environment, JAAS
                "user:\n  name: relay\n  password: §\n  other: x",
                "- name: DB_PASSWORD\n  value: §\n",
                "spring.datasource.password=§",
                "ssl.keystore.password = §",
                "password:§",
                "export PGPASSWORD=§",
                "DB_PASS=§ ./run",
                "PlainLoginModule required username=\"relay\" password=\"§\";",
                "sasl.jaas.config=org.apache.kafka.common.security.scram.ScramLoginModule required password='§';",
                // command lines
                "login --user x --password § --verbose",
                "keytool -list -storepass § -keystore x.jks",
                "login --client-secret=§ --verbose",
                "curl -u admin:§ https://ssm.example.net:8443/",
                "curl -sku 'admin:§' https://ssm",
                "curl --user \"admin:§\" https://ssm",
                "curl -H 'Authorization: Bearer §' https://ssm",
                "curl -d 'client_secret=§' https://ssm",
                "sshpass -p § ssh admin@vmanage",
                "sshpass -p'§' ssh admin@vmanage",
                "mysql -uroot -p§ ssm",
                "docker login -u x -p § registry.example.net",
                "redis-cli -h x -a § ping",
                "openssl pkcs12 -in a.p12 -passin pass:§ -nodes",
                "requirepass §",
                "license smart trust idtoken § local",
                "username admin password 7 §",
                "snmpwalk -v2c -c § 10.0.0.1",
                // URLs
                "proxy http://relay:§@proxy.example.net:3128/ refused",
                "redis://:§@127.0.0.1:6379/0",
                "jdbc:postgresql://db/x?user=relay&password=§",
            })
    void aValueInThePositionOfASecretIsRedacted(String context) {
        for (String secret : List.of("Zx9-hunter2", "dXNlcjpwYXNz", "c0ffee11:22%41!")) {
            String redacted = redactor.redact(context.replace("§", secret));
            assertThat(redacted).contains("***").doesNotContain(secret);
            String before = context.substring(0, context.indexOf('§'));
            assertThat(redacted).startsWith(before.substring(0, Math.max(0, before.length() - 12)));
            assertThat(redactor.redact(redacted)).isEqualTo(redacted);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"password\":null,\"token\":\"\",\"secret\":true}",
                "{\"password\":\"***\",\"client_secret\":\"[FILTERED]\"}",
                "Parameters: {\"username\"=>\"x\", \"password\"=>\"[FILTERED]\"}",
                "password=[FILTERED] user=x",
                "secret: env:SSM_CLIENT_SECRET",
                "secret: \"file:/run/secrets/ssm\"",
                "password: ${DB_PASSWORD}",
                "password=",
                "password: ",
                "<password/><password></password>",
                "<credentials>\n  <user>x</user>\n</credentials>",
                "{\"credentials\":{\"user\":\"x\"}}",
                "token_type: Bearer",
                "grant_type=password&username=admin",
                "{\"grant_type\":\"password\",\"scope\":\"\"}",
                "POST /oauth/token HTTP/1.1",
                "method=POST path=/oauth/token format=json controller=Doorkeeper::TokensController",
                "client_id=5c9b1f2e8a7d4c3b9e0f1a2b3c4d5e6f5c9b1f2e8a7d4c3b9e0f1a2b3c4d5e6f",
                "JsonParseException: Unrecognized token 'foo': was expecting (JSON String, Number)",
                "Unexpected token: }",
                "WWW-Authenticate: Bearer realm=\"Doorkeeper\", error=\"invalid_token\"",
                "Basic authentication failed; Bearer token missing",
                "Failed to authenticate Smart Account credentials.: Failed to authenticate user - 'admin'.",
                "Authorization: AUTHORIZED",
                "license Authorization: SLAC installed",
                "Optional<Token> and List<Password> are types",
                "https://ssm.example.net:8443/a?mail=x@example.net",
                "compass=north bypass=on",
                "-----BEGIN CERTIFICATE-----\nMIIDdzCCAl+gAwIBAgIEAgAAuTANBgkqhkiG9w0BAQUFADBaMQswCQYDVQQGEwJJ\n-----END CERTIFICATE-----",
                "name-of-password",
                "POST oauth/token: 401, token: invalid_client",
                "{\"name\":\"token\",\"value\":\"401\"}",
                "WHERE \"oauth_access_tokens\".\"token\" = $1 LIMIT $2",
            })
    void textWithoutSecretsStaysUnchanged(String text) {
        assertThat(redactor.redact(text)).isEqualTo(text);
    }

    @Test
    void aPrivateKeyIsRedactedWithAndWithoutItsEndLine() {
        String body = "MIIEvQIBADANBgkqhkiG9w0BAQEFAASC\nBKcwggSjAgEAAoIBAQC7VJTUt9Us8cKj\nMzEfYyjiWA==\n";
        String begin = "-----BEGIN RSA PRIVATE KEY-----\n";
        String whole = "x\n" + begin + body + "-----END RSA PRIVATE KEY-----\ny z";
        assertThat(redactor.redact(whole))
                .matches("x\n-----BEGIN RSA PRIVATE KEY-----\\*{3}.{6}\\*{3}-----END RSA PRIVATE KEY-----\ny z");
        assertThat(redactor.redact(begin + body + "Jan 13 11:17:01 host next line"))
                .matches("-----BEGIN RSA PRIVATE KEY-----\\*{3}.{6}\\*{3}\nJan 13 11:17:01 host next line");
        assertThat(redactor.redact(("{\"k\":\"" + begin + body).replace("\n", "\\n")))
                .doesNotContain("MIIE", "BKcw", "MzEf");
        assertThat(redactor.redactLines(List.of(whole.split("\n"))))
                .startsWith("x")
                .endsWith("y z")
                .hasSize(3);
    }

    @Test
    void tokensAreRecognizedByTheirFormat() {
        String jwt = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJyZWxheSJ9.dGhpcyBpcyBhIHNpZw";
        String registration = "NmE1Yjk0YmEtNTgwNS00MTM2LTkyNDgtNTQ1MGFkNDc3NzEyLTE2NjA4NDA4%0A"
                + "MTQ3Nzd8eWo3Z1RtSDVnZTJ5cjZpUHBQcStndWJYUkYzVWR3eWhiOHBqTnBz%0ASVVZVT0%3D%0A";
        for (String token :
                List.of(jwt, registration, jwt.substring(0, 40), "q9sYpL0vQ2mX7cR4tB8nK1jW6hF3dG5zA0eU2iO4kV")) {
            assertThat(redactor.redact("sent " + token)).matches("sent \\*{3}.{6}\\*{3}");
        }
    }

    @Test
    void anUnknownValueHasTheSameMarkInAllSyntaxes() {
        String mark = redactor.redact("{password=p/ä&q1}").replaceAll("[^*]*(\\*.*\\*).*", "$1");
        assertThat(redactor.redact("{\"password\":\"p\\/\\u00e4&q1\"}")).contains(mark);
        assertThat(redactor.redact("password=p%2F%C3%A4%26q1&x=1")).contains(mark);
        assertThat(redactor.redact("<password>p/&#228;&amp;q1</password>")).contains(mark);
    }
}
